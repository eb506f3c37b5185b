//! Several at once: connections of one process, and processes.

use study::store::{CardKind, Store};

use super::crashes::Recorder;
use super::on_both;
use super::samples::{NOW_MS, reviewed};
use super::support::{Home, cards_add_up, reps};

on_both! {
    async fn two_processes_lose_nothing(home: Home) {
        let recorders = [Recorder::start(&home.address(), 40), Recorder::start(&home.address(), 40)];
        let mut ids = Vec::new();
        for recorder in recorders {
            let ended = recorder.finish();
            assert_eq!(ended.refusal, None);
            assert_eq!(ended.recorded.len(), 40);
            ids.extend(ended.recorded);
        }
        let store = home.open().await;
        for id in &ids {
            assert!(store.answer(id).await.expect("it can be read").is_some(), "{id} is there");
        }
        assert_eq!(reps(&store, CardKind::Question, "cap").await, 80);
        cards_add_up(&store).await;
    }

    async fn many_open_a_new_store_at_the_same_moment(home: Home) {
        let opened = (0..8).map(|_| tokio::spawn(Store::open(home.address())));
        let mut stores = Vec::new();
        for store in opened.collect::<Vec<_>>() {
            stores.push(store.await.expect("nobody panics").expect("everybody gets the store"));
        }
        for (number, store) in (0..).zip(&stores) {
            let new = reviewed(store, "cap", "text", NOW_MS + number).await;
            store.record_answer(&new).await.expect("it is recorded");
        }
        assert_eq!(reps(&stores[0], CardKind::Question, "cap").await, 8);
    }

    async fn one_reads_while_another_writes(home: Home) {
        let store = home.open().await;
        let writes = async {
            for number in 0..50 {
                let new = reviewed(&store, "cap", "text", NOW_MS + number).await;
                store.record_answer(&new).await.expect("it is recorded");
            }
        };
        let reads = async {
            for _ in 0..50 {
                // An answer and its review are there both or not at all.
                cards_add_up_at_once(&store).await;
            }
        };
        tokio::join!(writes, reads);
        cards_add_up(&store).await;
    }
}

async fn cards_add_up_at_once(store: &Store) {
    let before = reps(store, CardKind::Question, "cap").await as usize;
    let answers = store.answers_to("cap").await.expect("they can be read").len();
    let after = reps(store, CardKind::Question, "cap").await as usize;
    assert!((before..=after).contains(&answers), "{before} ≤ {answers} ≤ {after}");
}
