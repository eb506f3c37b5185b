//! What the program may read, write and connect to, as Landlock rules.

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, NetPort, Ruleset, RulesetAttr, RulesetCreated,
    RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, path_beneath_rules,
};

use crate::launch::{Launch, Network};
use crate::sandbox::{self, DEVICES};
use crate::wire::Failed;

/// The newest ABI that we know of: on an older kernel, the library leaves out what it lacks.
const KNOWN: ABI = ABI::V10;

/// Restricts this process for good.
pub(super) fn restrict(launch: &Launch) -> Result<(), Failed> {
    let status = ruleset(launch).and_then(|rules| rules.restrict_self());
    let status = status.map_err(Failed::to("restrict the program with Landlock"))?;
    if status.ruleset == RulesetStatus::NotEnforced {
        return Err(Failed::Setup {
            step: "restrict the program with Landlock".to_owned(),
            reason: "this kernel has no Landlock, or it is not switched on (`lsm=` on its command line)"
                .to_owned(),
        });
    }
    Ok(())
}

fn ruleset(launch: &Launch) -> Result<RulesetCreated, RulesetError> {
    let reading = AccessFs::from_read(KNOWN);
    let writing =
        AccessFs::from_all(KNOWN) & !(AccessFs::MakeChar | AccessFs::MakeBlock | AccessFs::IoctlDev);
    let device = AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::Truncate;
    let own = [launch.dir.clone(), launch.home(), launch.tmp(), "/dev/shm".into()];
    // The machine's shared memory is not for the program: without a root of its own, it gets none.
    let own = &own[..if launch.sandbox.level == crate::Level::Full { 4 } else { 3 }];
    let mut rules =
        Ruleset::default().handle_access(AccessFs::from_all(KNOWN))?.scope(Scope::from_all(KNOWN))?;
    if launch.sandbox.network != Network::Open {
        rules = rules.handle_access(AccessNet::from_all(KNOWN))?;
    }
    // Paths that do not exist are left out.
    let rules = rules
        .create()?
        .add_rules(path_beneath_rules(sandbox::readable(), reading))?
        .add_rules(path_beneath_rules(&launch.sandbox.read, reading | AccessFs::ResolveUnix))?
        .add_rules(path_beneath_rules(&launch.sandbox.write, writing))?
        .add_rules(path_beneath_rules(own, writing))?
        .add_rules(path_beneath_rules(DEVICES, device))?;
    match &launch.sandbox.network {
        Network::Open => Ok(rules),
        Network::Ports { listen, connect } => {
            let rules = add_ports(rules, listen, AccessNet::BindTcp | AccessNet::ConnectTcp)?;
            add_ports(rules, connect, AccessNet::ConnectTcp.into())
        }
    }
}

fn add_ports(
    rules: RulesetCreated,
    ports: &[u16],
    access: BitFlags<AccessNet>,
) -> Result<RulesetCreated, RulesetError> {
    rules.add_rules(ports.iter().map(|port| Ok::<_, RulesetError>(NetPort::new(*port, access))))
}
