# shellcheck shell=bash
# shellcheck disable=SC2154 # work, drill_dir, workspace, seed: set by the script that sources this
#
# What hotseat does for a submission of slow-query, done with PostgreSQL's own tools: a private server
# with hotseat's settings, a dump restored, the file applied, the same plans, rows, writes and changes.
# What only a reference run gives is left out. Sourced, never run.

hand_bin=""
hand_dir=""
hand_user=() # a prefix: as whom the server runs

readonly PAGE_TYPES="integer, text, date, date, timestamptz, bigint"
# The parameters of a query, which psql puts where the query names them.
readonly PAGE_VARIABLES=(
  -v "merchant=\$1" -v "status=\$2" -v "first_day=\$3" -v "last_day=\$4" -v "before_at=\$5" -v "before_id=\$6"
)
readonly HAND_EXPLAIN="EXPLAIN (ANALYZE, BUFFERS, WAL, TIMING OFF, FORMAT JSON)"

# hand_tool PROGRAM …: one of PostgreSQL's tools on that server
hand_tool() {
  "$hand_bin/$1" -h "$hand_dir" -U judge "${@:2}"
}

# hand_sql DATABASE …: psql
hand_sql() {
  hand_tool psql -d "$1" -X -q -v ON_ERROR_STOP=1 "${@:2}"
}

hand_find_server() {
  local version
  while read -r hand_bin; do
    version=$(postgres_version "$hand_bin")
    if [ -n "$version" ] && at_least "$version" "$POSTGRES_MAJOR_MIN" && has_pg_stat_statements "$hand_bin"; then
      return
    fi
  done < <(postgres_bins)
  die "$EXIT_MISSING" "$(why_no_postgres)"
}

# The settings that hotseat's own server has, as lines of postgresql.conf.
hand_settings() {
  sed -nE "s/^    \(\"([a-z_.]+)\", \"([^\"]*)\"\),\$/\1 = '\2'/p" crates/judge/src/bench/cluster.rs
}

# hand_start DIR: makes the server in DIR and starts it.
hand_start() {
  local user
  hand_dir=$1
  hand_find_server
  mkdir "$hand_dir"
  if [ "$(id -u)" -eq 0 ]; then
    user=postgres
    id "$user" >/dev/null 2>&1 || user=nobody
    hand_user=(runuser -u "$user" --)
    chown "$user" "$hand_dir"
  fi
  in_hand_dir "$hand_bin/initdb" -U judge -A trust -E UTF8 --locale=C --no-sync -D "$hand_dir/data" >"$hand_dir/initdb.log"
  hand_settings >>"$hand_dir/data/postgresql.conf"
  in_hand_dir "$hand_bin/pg_ctl" -D "$hand_dir/data" -s -w -l "$hand_dir/data/log" -o "-k $hand_dir" start
  hand_sql postgres -c "CREATE ROLE app"
}

# As the server's user, in a folder that it may enter.
in_hand_dir() {
  (cd "$hand_dir" && TZ=UTC "${hand_user[@]}" "$@")
}

hand_stop() {
  if [ -n "$hand_dir" ] && [ -f "$hand_dir/data/postmaster.pid" ]; then
    in_hand_dir "$hand_bin/pg_ctl" -D "$hand_dir/data" -s -m immediate stop || true
  fi
}

# hand_dump NAME SCALE: the drill's data as a dump, made once.
hand_dump() {
  hand_tool createdb -T template0 "$1"
  hand_sql "$1" -v scale="$2" -f crates/judge/src/bench/prelude.sql -f "$drill_dir/seed.sql"
  hand_tool pg_dump -Fc -f "$hand_dir/$1.dump" "$1"
  hand_tool dropdb "$1"
}

# hand_restore DATABASE DUMP
hand_restore() {
  hand_tool createdb -T template0 "$1"
  hand_tool pg_restore -j "$(nproc)" -d "$1" "$hand_dir/$2.dump"
}

# hand_pages SET RUN_DIR: the pages of a judged run as EXECUTE statements.
hand_pages() {
  "$ask" "$2" "SELECT format('EXECUTE page (%d, %Q, %Q, %Q, %Q, %d);',
                             merchant, status, first_day, last_day, before_at, before_id) FROM $1 ORDER BY no"
}

# hand_query DATABASE QUERY_FILE: runs the statements on its input with the query prepared.
hand_query() {
  { printf 'PREPARE page (%s) AS\n' "$PAGE_TYPES" && cat "$2" - ; } |
    hand_sql "$1" -At "${PAGE_VARIABLES[@]}" -f -
}

hand_plans() {
  local database mode
  for database in small full; do
    for mode in custom generic; do
      printf 'SET plan_cache_mode = force_%s_plan;\n' "$mode"
      sed "s/^/$HAND_EXPLAIN /" "$hand_dir/far_pages"
    done | hand_query "$database" "$workspace/query.sql" >"$hand_dir/plans.$database"
  done
}

# The blocks of all plans: of each, the counts that come first are its root's.
hand_blocks() {
  cat "$hand_dir"/plans.* | tr -d ',' | awk '
    /"Plan": [{]/ { counts = 2 }
    counts > 0 && /"Shared (Hit|Read) Blocks":/ { blocks += $NF; counts-- }
    END { print blocks }'
}

# The rows of the given query and of the handed-in one, which must not differ.
hand_rows() {
  hand_query small "$drill_dir/given/query.sql" <"$hand_dir/pages" >"$hand_dir/original"
  hand_query small "$workspace/query.sql" <"$hand_dir/pages" >"$hand_dir/answers"
  diff "$hand_dir/original" "$hand_dir/answers" >/dev/null || die 1 "By hand, the rows of the two queries differ."
}

hand_step_restore() {
  hand_restore small small
  hand_restore full full
  hand_restore bare small
}

# A dump brings no statistics, and without them PostgreSQL makes other plans.
hand_step_analyse() {
  local database
  for database in small full bare; do
    hand_sql "$database" -c "VACUUM (FREEZE, ANALYZE)"
  done
}

hand_step_schema() {
  hand_sql small -f "$workspace/schema.sql"
  hand_sql full -f "$workspace/schema.sql"
}

hand_step_plans() {
  hand_plans
}

hand_step_rows() {
  hand_rows
  hand_query full "$workspace/query.sql" <"$hand_dir/far_pages" >"$hand_dir/far_answers"
}

hand_step_writes() {
  hand_sql small -At -v seed="$seed" -1 -f "$drill_dir/probe/writes.sql" >"$hand_dir/writes"
  hand_sql bare -At -v seed="$seed" -1 -f "$drill_dir/probe/writes.sql" >"$hand_dir/bare_writes"
}

hand_step_changes() {
  hand_sql small -v seed="$seed" -f "$drill_dir/load/changes.sql"
  hand_rows
}

readonly HAND_STEPS=(restore analyse schema plans rows writes changes)

# Does all steps once and sets hand_ms, by step.
declare -A hand_ms
hand_judge() {
  local step began database
  for step in "${HAND_STEPS[@]}"; do
    began=$EPOCHREALTIME
    "hand_step_$step"
    stopwatch "$began"
    # shellcheck disable=SC2034 # read by the script that sources this
    hand_ms[$step]=$((REPLY / 1000))
  done
  for database in small full bare; do
    hand_tool dropdb "$database"
  done
}
