//! From a name and a password to whose they are: one account, its password tried by a bind, lockout for requests from outside.
//!
//! Whatever is wrong, the client learns the same and waits as long: a name that nobody has, and one that is locked, are tried
//! in the directory too, with a name that cannot exist. Whether the account is disabled is asked after the password.

use super::lockout::{Attempt, Counted, LockoutKey};
use super::occasion::Occasion;
use super::trail::Trail;
use super::{Caller, Stage, findings};
use crate::directory::{Password, PasswordAnswer, PasswordRefusal};
use crate::federation::{Credential, RequestContext};
use crate::outcome::{Detail, Outcome, Refusal, printable};
use crate::subject::{Account, NameError, NamedEntry, SignInName};

/// Judges a name and a password that somebody sent.
pub(super) async fn prove(
    name: &str,
    password: &Password,
    credential: Credential,
    context: &RequestContext<'_>,
    occasion: Occasion<'_>,
    trail: &mut Trail,
) -> Result<Caller, Refusal> {
    const SHOWN: usize = 256;
    trail.identifiers.push(("user_name", printable(name.chars().take(SHOWN).collect::<String>())));
    let account = account_of(name, password, context, occasion, &mut trail.identifiers).await;
    let account = trail.step(Stage::Subject, account, findings::named_account)?;
    findings::describe_account(&account, &mut trail.identifiers);
    Ok(Caller::by_password(account, credential, occasion.at))
}

/// Judges an account anew whose password was proved before: it is still there, and still usable.
pub(super) async fn recall(
    account: &str,
    credential: Credential,
    occasion: Occasion<'_>,
    trail: &mut Trail,
) -> Result<Caller, Refusal> {
    let account = async {
        let entry = find(account, occasion).await??;
        Ok::<_, Refusal>(entry.account(&occasion.farm.subject, occasion.at)?)
    };
    let account = trail.step(Stage::Subject, account.await, findings::recalled_account)?;
    findings::describe_account(&account, &mut trail.identifiers);
    Ok(Caller::by_password(account, credential, occasion.at))
}

async fn account_of(
    name: &str,
    password: &Password,
    context: &RequestContext<'_>,
    occasion: Occasion<'_>,
    facts: &mut Vec<Detail>,
) -> Result<Account, Refusal> {
    let Occasion { at, farm, lookups } = occasion;
    let entry = find(name, occasion).await?;
    let key = match &entry {
        Ok(entry) => LockoutKey::account(entry.dn()),
        Err(_) => LockoutKey::nobody(name),
    };
    let addresses = context.addresses();
    let attempt = if context.is_inside() { None } else { farm.lockout.begin(key, &addresses, at) };
    let counted = match attempt {
        None => None,
        Some(Attempt::Allowed(counted)) => Some(counted),
        Some(refused) => {
            // Nothing is learnt from how long it takes, and nothing of the account is touched.
            lookups.check_password(None, password).await?;
            return Err(locked(&refused, name));
        }
    };
    facts.extend(counted.iter().flat_map(lockout_facts));
    let take_back = || counted.iter().for_each(|counted| farm.lockout.take_back(counted));
    let dn = entry.as_ref().ok().map(NamedEntry::dn);
    let answer = lookups.check_password(dn, password).await.inspect_err(|_| take_back())?;
    let entry = entry?;
    let dn = entry.dn().to_owned();
    match answer {
        PasswordAnswer::Right => {
            let account = entry.account(&farm.subject, at).inspect_err(|_| take_back())?;
            if let Some(counted) = &counted {
                farm.lockout.succeeded(counted, &addresses);
            }
            Ok(account)
        }
        PasswordAnswer::Refused(refusal) => {
            if refusal.proves_the_password() {
                take_back();
            }
            Err(refused(&refusal, dn, entry.account(&farm.subject, at).err().map(Refusal::from)))
        }
    }
}

async fn find(
    name: &str,
    Occasion { farm, lookups, .. }: Occasion<'_>,
) -> Result<Result<NamedEntry, NameError>, Refusal> {
    let name = match SignInName::read(name, &farm.subject) {
        Ok(name) => name,
        Err(error) => return Ok(Err(error)),
    };
    let entries = lookups.search(&name.query(&farm.subject)).await?;
    Ok(name.resolve(entries))
}

fn lockout_facts(counted: &Counted) -> Vec<Detail> {
    let mut facts = vec![("familiar_place", counted.familiar.to_string())];
    if counted.would_be_locked {
        facts.push(("would_be_locked_out", "true".to_owned()));
    }
    facts
}

fn locked(attempt: &Attempt, name: &str) -> Refusal {
    match attempt {
        Attempt::Full { most } => {
            let finding = format!("{most} names are locked out already, and a further one cannot be counted.");
            Refusal::new(Outcome::LockoutMemoryFull, finding).with("limit", most.to_string())
        }
        Attempt::Locked { familiar, until } => {
            let place = if *familiar { "familiar" } else { "unknown" };
            let finding = format!("{name:?} is locked out for {place} places until {until}.");
            Refusal::new(Outcome::ExtranetLockedOut, finding).with("place", place).with("until", until.to_string())
        }
        Attempt::Allowed(_) => Refusal::new(Outcome::WrongPassword, "The password was not tried."),
    }
}

/// What the directory says by a sub-code is checked against the account's own attributes, which say it more exactly.
fn refused(refusal: &PasswordRefusal, dn: String, state: Option<Refusal>) -> Refusal {
    let plain = |outcome| Refusal::new(outcome, format!("The directory refused the password of {dn}: {refusal}."));
    match (refusal, state) {
        (PasswordRefusal::Wrong | PasswordRefusal::NoSuchAccount, _) => {
            plain(Outcome::WrongPassword).with("account", dn)
        }
        (PasswordRefusal::PasswordExpired | PasswordRefusal::MustChangePassword, _) => {
            plain(Outcome::PasswordExpired).with("account", dn).with("reason", refusal.to_string())
        }
        (_, Some(state)) => state,
        (_, None) => plain(Outcome::PasswordSignInRefused).with("account", dn).with("reason", refusal.to_string()),
    }
}

impl From<NameError> for Refusal {
    fn from(error: NameError) -> Self {
        let outcome = match &error {
            NameError::Form { .. } | NameError::OtherDomain { .. } => Outcome::UserNameUnusable,
            NameError::Nobody { .. } => Outcome::UserNameUnknown,
            NameError::Several { .. } => Outcome::UserNameAmbiguous,
        };
        let refusal = Self::because(outcome, &error);
        match error {
            NameError::Form { domain, .. } | NameError::OtherDomain { domain, .. } => refusal.with("domain", domain),
            NameError::Nobody { attribute, value } => refusal.with("tried", format!("{attribute}={value:?}")),
            NameError::Several { dns, .. } => refusal.with("accounts", dns.join("; ")),
        }
    }
}
