//! What hotseat knows of learners: the questions they practise, feedback on their answers, when to
//! come back to what, and the store that keeps it.

pub mod advice;
pub mod bank;
pub mod cue;
pub mod feedback;
pub mod own_answer;
pub mod plan;
pub mod proof;
pub mod question;
pub mod rubric;
pub mod schedule;
pub mod store;
pub mod text;
pub mod words;
