//! Templates, built once, and their copies, one for each judging.

use std::path::Path;
use std::time::Duration;

use super::cluster::SPARE_BYTES;
use super::session::{Role, Session};
use super::{Bench, BenchError, Event};
use crate::drill::Component;
use crate::sql::{self, Value, Variables};

const PRELUDE: &str = include_str!("prelude.sql");
/// After the seed: what it created, and did not give to `judge`, belongs to `owner`.
const EPILOGUE: &str = "REASSIGN OWNED BY seeder TO owner";

/// The roles of every server, made all at once with its cluster. What a learner sets for them is
/// undone by [`Bench::reset_roles`].
const ROLES: &str = "
    BEGIN;
    CREATE ROLE seeder SUPERUSER NOLOGIN;
    CREATE ROLE owner NOLOGIN;
    CREATE ROLE learner LOGIN IN ROLE owner;
    CREATE ROLE reference LOGIN IN ROLE owner;
    CREATE ROLE app LOGIN IN ROLE owner, learner, reference, pg_monitor;
    COMMIT;
";

/// Copies, and templates that were not finished.
const COPIES: &str =
    "SELECT datname FROM pg_database WHERE datname LIKE 'run\\_%' OR datname LIKE 'build\\_%'";
/// A learner's session may write this much to temporary files before PostgreSQL refuses.
const TEMP_FILES: &str = "2GB";

/// A database built from a seed, kept for copies. Cheap to clone: it is a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its name in the server.
    pub name: String,
}

/// A copy of a template, to be used up by one run.
#[derive(Debug, Clone)]
pub struct Database {
    /// Its name in the server.
    pub name: String,
    /// The size of its template, in bytes.
    pub bytes: i64,
    /// The template itself, because nothing will be written: not to be dropped.
    pub shared: bool,
}

impl Template {
    /// The template itself as a database for reading.
    pub fn shared(&self) -> Database {
        Database { name: self.name.clone(), bytes: 0, shared: true }
    }
}

impl Bench {
    /// Creates the roles of a new cluster and removes what an earlier hotseat could not.
    pub(super) async fn prepare_server(&self) -> Result<(), BenchError> {
        let session = self.admin("postgres").await?;
        let known = session.value("SELECT count(*) FROM pg_roles WHERE rolname = 'app'").await?;
        if known == "0" {
            session.script(ROLES).await?;
        }
        self.drop_copies_but(&[]).await?;
        self.remove_orphans(&session).await
    }

    /// Removes the files of copies whose making was cut short: PostgreSQL has forgotten them.
    async fn remove_orphans(&self, session: &Session) -> Result<(), BenchError> {
        let known = session.column("SELECT oid FROM pg_database").await?;
        for entry in std::fs::read_dir(self.home.join("data/base")).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.bytes().all(|byte| byte.is_ascii_digit()) && !known.contains(&name) {
                std::fs::remove_dir_all(entry.path()).map_err(|e| BenchError::at(&entry.path(), e))?;
            }
        }
        Ok(())
    }

    /// The template of a component, built if it is not there yet.
    pub async fn template(
        &self,
        drill: &str,
        name: &str,
        component: &Component,
    ) -> Result<Template, BenchError> {
        let with =
            component.with.iter().map(|(k, v)| format!("{k}={}", v.literal())).collect::<Vec<_>>().join(",");
        let hash = crate::hash(&[&self.version(), PRELUDE, EPILOGUE, &component.seed, &with]);
        let template = Template { name: format!("t_{hash}") };
        let _building = self.building.lock().await;
        let admin = self.admin("postgres").await?;
        if admin.has_database(&template.name).await? {
            return Ok(template);
        }
        self.watcher.event(Event::Building { component: name });
        let title = format!("{drill}/{name}");
        self.drop_older(&admin, &title).await?;
        self.require_space(SPARE_BYTES * 2)?;
        let building = format!("build_{hash}");
        admin.execute(&format!("DROP DATABASE IF EXISTS {building} WITH (FORCE)")).await?;
        admin.execute(&format!("CREATE DATABASE {building}")).await?;
        self.seed(&building, component).await?;
        admin.execute(&format!("COMMENT ON DATABASE {building} IS {}", Value::Text(title).literal())).await?;
        admin.execute(&format!("ALTER DATABASE {building} RENAME TO {}", template.name)).await?;
        Ok(template)
    }

    async fn seed(&self, database: &str, component: &Component) -> Result<(), BenchError> {
        let session = self.admin(database).await?;
        session.script(PRELUDE).await?;
        session.execute("ALTER SCHEMA public OWNER TO owner").await?;
        session.execute("SET ROLE seeder").await?;
        session.execute("SET search_path = public").await?;
        let statements =
            sql::split(&component.seed).map_err(|e| BenchError::seed(component, e.line(), e.to_string()))?;
        for statement in statements {
            let text = sql::fill(&statement.text, &component.with);
            session.execute(&text).await.map_err(|e| e.in_seed(component, statement.line))?;
        }
        session.execute("RESET ROLE").await?;
        session.execute(EPILOGUE).await?;
        session.execute("VACUUM (FREEZE, ANALYZE)").await?;
        session.execute("CHECKPOINT").await?;
        session.close().await;
        Ok(())
    }

    /// Templates of earlier versions of this component only take room.
    async fn drop_older(&self, admin: &Session, title: &str) -> Result<(), BenchError> {
        let older = format!(
            "SELECT datname FROM pg_database WHERE datname LIKE 't\\_%' AND shobj_description(oid, 'pg_database') IN ({}, {})",
            Value::Text(title.into()).literal(),
            Value::Text(format!("{title} with the reference")).literal(),
        );
        for name in admin.column(&older).await? {
            admin.execute(&format!("DROP DATABASE \"{name}\"")).await?;
        }
        Ok(())
    }

    /// A template like `base`, with more done to it by `install` (given a copy to work on).
    pub async fn derived<F>(
        &self,
        base: &Template,
        key: &str,
        title: &str,
        install: F,
    ) -> Result<Template, BenchError>
    where
        F: AsyncFnOnce(&Database) -> Result<bool, BenchError>,
    {
        let template = Template { name: format!("t_{}", crate::hash(&[&base.name, key])) };
        let _building = self.building.lock().await;
        let admin = self.admin("postgres").await?;
        if admin.has_database(&template.name).await? {
            return Ok(template);
        }
        self.watcher.event(Event::Building { component: "the reference" });
        let copy = self.new_copy(base).await?;
        if !install(&copy).await? {
            return Ok(base.clone());
        }
        // Whoever installed has gone, but the server may need a moment to notice.
        let title = Value::Text(format!("{title} with the reference")).literal();
        admin.execute(&format!("COMMENT ON DATABASE {} IS {title}", copy.name)).await?;
        admin.wait_until_unused(&copy.name).await?;
        admin.execute(&format!("ALTER DATABASE {} RENAME TO {}", copy.name, template.name)).await?;
        Ok(template)
    }

    /// A fresh copy of a template: a ready one, or a new one.
    pub async fn copy(&self, template: &Template) -> Result<Database, BenchError> {
        self.taken.borrow_mut().push(template.clone());
        let ready = self.ready.borrow_mut().get_mut(&template.name).and_then(Vec::pop);
        if let Some(database) = ready {
            return Ok(database);
        }
        self.new_copy(template).await
    }

    async fn new_copy(&self, template: &Template) -> Result<Database, BenchError> {
        // One after another, so that the first is there soon: they would only share the disk.
        let _copying = self.copying.lock().await;
        let admin = self.admin("postgres").await?;
        let size = format!("SELECT pg_database_size('{}')", template.name);
        let bytes: i64 = admin.value(&size).await?.parse().unwrap_or(0);
        self.require_space(u64::try_from(bytes).unwrap_or(0) + SPARE_BYTES)?;
        let name = format!("run_{}", self.next_number());
        admin
            .execute(&format!("CREATE DATABASE {name} TEMPLATE {} STRATEGY FILE_COPY", template.name))
            .await?;
        Ok(Database { name, bytes, shared: false })
    }

    /// Drops the copies that are used up. It takes a moment, so it waits until nobody looks.
    pub async fn tidy(&self) -> Result<(), BenchError> {
        self.taken.take();
        let ready: Vec<String> = self.ready.borrow().values().flatten().map(|d| d.name.clone()).collect();
        self.drop_copies_but(&ready).await
    }

    /// Drops the copies that are used up, and makes as many new ones, so that the next judging
    /// finds them ready.
    pub async fn refill(&self) -> Result<(), BenchError> {
        let taken = self.taken.take();
        self.tidy().await?;
        for template in taken {
            let database = self.new_copy(&template).await?;
            self.ready.borrow_mut().entry(template.name).or_default().push(database);
        }
        Ok(())
    }

    /// Drops every copy there is, whoever made it, except these.
    pub(super) async fn drop_copies_but(&self, kept: &[String]) -> Result<(), BenchError> {
        let admin = self.admin("postgres").await?;
        for name in admin.column(COPIES).await?.into_iter().filter(|name| !kept.contains(name)) {
            admin.execute(&format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)")).await?;
        }
        Ok(())
    }

    /// Forgets what earlier submissions set for their role.
    pub async fn reset_roles(&self) -> Result<(), BenchError> {
        let admin = self.admin("postgres").await?;
        // `app` too: a learner's trigger works in its name.
        for role in ["learner", "reference", "app"] {
            admin.execute(&format!("ALTER ROLE {role} RESET ALL")).await?;
            admin.execute(&format!("ALTER ROLE {role} SET temp_file_limit = '{TEMP_FILES}'")).await?;
        }
        Ok(())
    }

    pub(super) async fn admin(&self, database: &str) -> Result<Session, BenchError> {
        Session::open(&self.socket_dir(), database, Role::Judge).await
    }

    pub(super) fn require_space(&self, bytes: u64) -> Result<(), BenchError> {
        super::require_space(&self.home, bytes)
    }
}

impl Session {
    async fn has_database(&self, name: &str) -> Result<bool, BenchError> {
        let count = self.value(&format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'")).await?;
        Ok(count == "1")
    }

    async fn wait_until_unused(&self, name: &str) -> Result<(), BenchError> {
        let users = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'");
        while self.value(&users).await? != "0" {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(())
    }

    /// Runs a script of ours, statement by statement.
    pub(super) async fn script(&self, script: &str) -> Result<(), BenchError> {
        for statement in sql::split(script).map_err(|e| BenchError::Ours(e.to_string()))? {
            self.execute(&statement.text).await?;
        }
        Ok(())
    }
}

/// The variables of a component with the run's seed.
pub(crate) fn variables(component: &Component, seed: u64, tick: u32) -> Variables {
    let mut variables = component.with.clone();
    variables.insert("seed".into(), Value::Int(i64::try_from(seed).unwrap_or(i64::MAX)));
    variables.insert("tick".into(), Value::Int(i64::from(tick)));
    variables
}

/// Free room for us on the file system of `path`, in bytes.
pub fn free_bytes(path: &Path) -> Option<u64> {
    let existing = path.ancestors().find(|p| p.exists())?;
    let about = nix::sys::statvfs::statvfs(existing).ok()?;
    #[expect(clippy::useless_conversion, reason = "the fields' types differ between systems")]
    let (blocks, size) = (u64::from(about.blocks_available()), u64::from(about.fragment_size()));
    Some(blocks.saturating_mul(size))
}
