use super::*;

const HOME: [IpAddr; 1] = [IpAddr::V4(core::net::Ipv4Addr::new(192, 0, 2, 1))];
const ELSEWHERE: [IpAddr; 1] = [IpAddr::V4(core::net::Ipv4Addr::new(198, 51, 100, 9))];

fn lockout(mode: LockoutMode) -> Lockout {
    Lockout::new(LockoutPolicy { mode, threshold: 3, window: SignedDuration::from_mins(30), most_accounts: 32 })
}

fn minute(minute: i64) -> Timestamp {
    Timestamp::from_second(1_768_039_200 + 60 * minute).unwrap()
}

fn locked(lockout: &Lockout, name: &str, addresses: &[IpAddr], at: i64) -> bool {
    matches!(lockout.attempt(name, addresses, minute(at)), Attempt::Locked { .. })
}

#[test]
fn who_guesses_elsewhere_does_not_lock_the_owner_out_at_home() {
    let mut lockout = lockout(LockoutMode::Enforce);
    lockout.succeeded("alice@contoso.test", &HOME, minute(0));
    for _ in 0..3 {
        assert!(!locked(&lockout, "alice@contoso.test", &ELSEWHERE, 1));
        lockout.failed("ALICE@contoso.test ", &ELSEWHERE, minute(1));
    }
    assert!(locked(&lockout, "alice@contoso.test", &ELSEWHERE, 1));
    assert!(!locked(&lockout, "alice@contoso.test", &HOME, 1));
    // one address that is not known makes the place unknown
    assert!(locked(&lockout, "alice@contoso.test", &[HOME[0], ELSEWHERE[0]], 1));
    assert!(!locked(&lockout, "bob@contoso.test", &ELSEWHERE, 1));
}

#[test]
fn after_the_window_one_attempt_is_let_through() {
    let mut lockout = lockout(LockoutMode::Enforce);
    (0..3).for_each(|_| lockout.failed("alice", &ELSEWHERE, minute(0)));
    assert!(locked(&lockout, "alice", &ELSEWHERE, 29));
    assert!(!locked(&lockout, "alice", &ELSEWHERE, 30));
    lockout.failed("alice", &ELSEWHERE, minute(30));
    assert!(locked(&lockout, "alice", &ELSEWHERE, 59));
    lockout.succeeded("alice", &ELSEWHERE, minute(60));
    assert!(!locked(&lockout, "alice", &ELSEWHERE, 60));
}

#[test]
fn log_only_tells_and_refuses_nobody() {
    let mut watching = lockout(LockoutMode::LogOnly);
    (0..9).for_each(|_| watching.failed("alice", &ELSEWHERE, minute(0)));
    let expected = Attempt::Allowed { familiar: false, would_be_locked: true };
    assert_eq!(watching.attempt("alice", &ELSEWHERE, minute(1)), expected);
    let mut off = lockout(LockoutMode::Off);
    (0..9).for_each(|_| off.failed("alice", &ELSEWHERE, minute(0)));
    assert!(off.accounts.is_empty());
}

#[test]
fn a_flood_of_names_is_bounded_and_does_not_unlock_anybody() {
    let mut lockout = lockout(LockoutMode::Enforce);
    (0..3).for_each(|_| lockout.failed("alice", &ELSEWHERE, minute(0)));
    lockout.succeeded("bob", &HOME, minute(0));
    for name in 0..1_000 {
        lockout.failed(&format!("nobody{name}"), &ELSEWHERE, minute(1));
        assert!(lockout.accounts.len() <= 32);
    }
    assert!(locked(&lockout, "alice", &ELSEWHERE, 1));
    assert_eq!(lockout.attempt("bob", &HOME, minute(1)), Attempt::Allowed { familiar: true, would_be_locked: false });
}
