//! The résumé: read from its one source, rendered, read back as a machine reads it, and what stands behind its figures.

mod adding;
mod building;
mod checking;
mod drawing;
mod editing;
mod evidence;
mod known;
mod layout_process;
mod source;
mod writing;

pub(crate) use adding::{Added, add, draft};
pub(crate) use building::{Built, Look, build};
pub(crate) use checking::{Asked, Checked, check, job_text, read_pdf};
pub(crate) use drawing::{Drawn, draw};
pub(crate) use editing::{Disk, Refused, begin, disk, save};
pub(crate) use evidence::{Stored, proof};
pub(crate) use known::{Known, find, known, remember};
pub(crate) use layout_process::{LayoutProcess, lay_out_if_asked};
pub(crate) use source::{EXAMPLE_FILE, Opened, beside, here, put, put_new, take_in};
pub(crate) use writing::{Format, Written, private, sheet, write};
