-- What every component has before its seed: the judge's own schema. Its objects belong to the
-- superuser `judge`, so that nobody who is judged can change them.
CREATE EXTENSION pg_stat_statements SCHEMA public;
GRANT EXECUTE ON FUNCTION public.pg_stat_statements_reset TO app;

CREATE SCHEMA hotseat;
GRANT USAGE ON SCHEMA hotseat TO PUBLIC;

-- A number in [0, 1), always the same for the same arguments: 53 bits of a hash.
CREATE FUNCTION hotseat.draw(key text, n bigint) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (hashint8extended(n, hashtextextended(key, 0)) & 9007199254740991)::double precision
           / 9007199254740992.0;

-- In an interleaved load a session waits here for its next turn. The bench holds the advisory
-- locks (session's number, 1), (session's number, 2), … and lets them go one by one.
CREATE FUNCTION hotseat.gate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    session integer := nullif(current_setting('hotseat.gate', true), '')::integer;
    gate_no integer;
BEGIN
    IF session IS NOT NULL THEN
        gate_no := coalesce(nullif(current_setting('hotseat.gate_no', true), ''), '0')::integer + 1;
        PERFORM set_config('hotseat.gate_no', gate_no::text, false);
        PERFORM pg_advisory_lock_shared(session, gate_no);
        PERFORM pg_advisory_unlock_shared(session, gate_no);
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
ALTER FUNCTION hotseat.gate() SET search_path = pg_catalog;
