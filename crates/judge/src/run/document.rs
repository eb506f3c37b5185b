//! Holds what a program answers against the OpenAPI document that was handed in with it.

use conformance::{Document, Exchange};

use super::Run;
use crate::JudgeError;
use crate::bench::exchange::{Question, Reply};
use crate::drill::Takes;

impl Run<'_> {
    /// The handed-in document, if the level takes one and it can be read. What is wrong with it, and where it
    /// promises nothing, goes to the evidence.
    pub(super) fn read_document(&self) -> Result<Option<Document>, JudgeError> {
        let takes_it = |slot: &&String| self.drill.scenario.slots[*slot].takes == Takes::Document;
        let Some(slot) = self.level.slots.iter().find(takes_it) else { return Ok(None) };
        let mut evidence = self.evidence.borrow_mut();
        match Document::read(self.handed_in.text(slot).unwrap_or_default()) {
            Ok(document) => {
                document.defects().iter().try_for_each(|it| evidence.document(slot, "defect", it))?;
                document.vacuities().iter().try_for_each(|it| evidence.document(slot, "vacuity", it))?;
                Ok(Some(document))
            }
            Err(defects) => {
                defects.iter().try_for_each(|it| evidence.document(slot, "defect", it))?;
                Ok(None)
            }
        }
    }

    /// Notes in which points an answer differs from what the document promises.
    pub(super) fn hold_against_document(
        &self,
        number: i64,
        question: &Question,
        reply: &Reply,
    ) -> Result<(), JudgeError> {
        let Some(document) = &*self.document.borrow() else { return Ok(()) };
        let deviations = document.examine(&Exchange {
            method: question.method.clone(),
            target: question.path.clone(),
            request_headers: question.headers.clone(),
            request_body: question.body.clone().unwrap_or_default().into_bytes(),
            status: reply.status,
            response_headers: reply.headers.clone(),
            response_body: reply.body.clone(),
        });
        let mut evidence = self.evidence.borrow_mut();
        Ok(deviations.iter().try_for_each(|it| evidence.deviation(number, it))?)
    }
}
