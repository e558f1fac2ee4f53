//! What the browser keeps between requests: sealed, bounded in time, and of one purpose each.

mod ended;
mod logout_round;
mod loops;
mod participants;
mod parts;
mod policy;
mod seal;
mod single_sign_on;
mod transaction;

pub use ended::EndedSessions;
pub use logout_round::{Asker, LogoutRound};
pub use loops::{LoopDetected, LoopPolicy, Visits};
pub use participants::{Participant, Participants};
pub use policy::SessionPolicy;
pub use seal::{Nonce, Purpose, SealError, SealingKey, SealingKeys};
pub use single_sign_on::{Session, SessionError, SessionId};
pub use transaction::{
    BrowserId, TRANSACTION_LIFETIME, Transaction, TransactionError, TransactionId, UsedTransactions,
};
