//! What the pool does when the directory freezes, dies, comes back, or plays for time.

mod playing_for_time;
mod real_server;

use fedgate::clock::Clock;
use fedgate::directory::{DirectoryFailure, DirectoryQuery, Filter};
use fedgate::lookups::Directory;
use std::time::Duration;

/// How much later than its limit a search may end on a busy machine.
const MARGIN: Duration = Duration::from_millis(700);

/// How a search ended, and after how long.
type Ended = (Result<usize, DirectoryFailure>, Duration);

async fn search(directory: &dyn Directory) -> Ended {
    let filter = Filter::parse("(sAMAccountName=alice)").unwrap();
    let query = DirectoryQuery::new(filter, vec!["sAMAccountName".into()]);
    let stopwatch = Clock::System.stopwatch();
    let answer = directory.search(&query).await.map(|entries| entries.len());
    (answer, stopwatch.elapsed())
}

/// Waits for something that must happen soon.
async fn until(what: &str, mut happened: impl FnMut() -> bool) {
    let stopwatch = Clock::System.stopwatch();
    while !happened() {
        assert!(stopwatch.elapsed() < Duration::from_secs(15), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
