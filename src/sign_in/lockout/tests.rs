use super::*;

const HOME: [IpAddr; 1] = [IpAddr::V4(core::net::Ipv4Addr::new(192, 0, 2, 1))];
const ELSEWHERE: [IpAddr; 1] = [IpAddr::V4(core::net::Ipv4Addr::new(198, 51, 100, 9))];

fn lockout(mode: LockoutMode) -> Lockout {
    Lockout::new(LockoutPolicy { mode, threshold: 3, window: SignedDuration::from_mins(30), most_accounts: 32 })
}

fn minute(minute: i64) -> Timestamp {
    Timestamp::from_second(1_768_039_200 + 60 * minute).unwrap()
}

fn begin(lockout: &Lockout, name: &str, addresses: &[IpAddr], at: i64) -> Attempt {
    lockout.begin(LockoutKey::account(name), addresses, minute(at)).expect("something is counted")
}

/// One wrong password; whether it was let through to the directory.
fn guess(lockout: &Lockout, name: &str, addresses: &[IpAddr], at: i64) -> bool {
    matches!(begin(lockout, name, addresses, at), Attempt::Allowed(_))
}

fn sign_in(lockout: &Lockout, name: &str, addresses: &[IpAddr], at: i64) -> bool {
    match begin(lockout, name, addresses, at) {
        Attempt::Allowed(counted) => {
            lockout.succeeded(&counted, addresses);
            true
        }
        _ => false,
    }
}

#[test]
fn who_guesses_elsewhere_does_not_lock_the_owner_out_at_home() {
    let lockout = lockout(LockoutMode::Enforce);
    assert!(sign_in(&lockout, "cn=alice", &HOME, 0));
    for name in ["cn=alice", "CN=ALICE ", "Cn=Alice"] {
        assert!(guess(&lockout, name, &ELSEWHERE, 1));
    }
    assert!(!guess(&lockout, "cn=alice", &ELSEWHERE, 1));
    // one address that is not known makes the place unknown
    assert!(!sign_in(&lockout, "cn=alice", &[HOME[0], ELSEWHERE[0]], 1));
    assert!(sign_in(&lockout, "cn=alice", &HOME, 1));
    assert!(!guess(&lockout, "cn=alice", &ELSEWHERE, 1), "a success at home forgives nobody elsewhere");
    assert!(guess(&lockout, "cn=bob", &ELSEWHERE, 1));
}

#[test]
fn a_success_makes_every_address_of_the_request_familiar() {
    let lockout = lockout(LockoutMode::Enforce);
    let mapped = IpAddr::V6(core::net::Ipv4Addr::new(192, 0, 2, 1).to_ipv6_mapped());
    assert!(sign_in(&lockout, "cn=alice", &[HOME[0], ELSEWHERE[0]], 0));
    (0..3).for_each(|_| assert!(guess(&lockout, "cn=alice", &[], 1), "no address at all is an unknown place"));
    for place in [&HOME[..], &ELSEWHERE, &[mapped]] {
        assert!(sign_in(&lockout, "cn=alice", place, 2), "{place:?}");
    }
}

/// None of them has failed yet when the fourth comes.
#[test]
fn guesses_in_parallel_do_not_pass_more_often_than_guesses_in_turn() {
    let lockout = lockout(LockoutMode::Enforce);
    let passed = std::thread::scope(|scope| {
        let guesses: Vec<_> = (0..16).map(|_| scope.spawn(|| guess(&lockout, "cn=alice", &ELSEWHERE, 0))).collect();
        guesses.into_iter().map(|guess| guess.join().unwrap()).filter(|passed| *passed).count()
    });
    assert_eq!(passed, 3);
}

#[test]
fn after_the_window_one_attempt_is_let_through() {
    let lockout = lockout(LockoutMode::Enforce);
    (0..3).for_each(|_| assert!(guess(&lockout, "cn=alice", &ELSEWHERE, 0)));
    assert!(!guess(&lockout, "cn=alice", &ELSEWHERE, 29));
    assert!(guess(&lockout, "cn=alice", &ELSEWHERE, 30));
    assert!(!guess(&lockout, "cn=alice", &ELSEWHERE, 30));
    assert!(!guess(&lockout, "cn=alice", &ELSEWHERE, 59));
    assert!(sign_in(&lockout, "cn=alice", &ELSEWHERE, 60));
    assert!(guess(&lockout, "cn=alice", &[HOME[0], ELSEWHERE[0]], 60));
}

#[test]
fn what_the_directory_did_not_judge_does_not_count() {
    let lockout = lockout(LockoutMode::Enforce);
    for at in 0..9 {
        let Attempt::Allowed(counted) = begin(&lockout, "cn=alice", &ELSEWHERE, at) else { panic!("{at}") };
        lockout.take_back(&counted);
    }
    (0..3).for_each(|_| assert!(guess(&lockout, "cn=alice", &ELSEWHERE, 10)));
    // the one after the window finds the directory down: it is not locked for another window
    let Attempt::Allowed(counted) = begin(&lockout, "cn=alice", &ELSEWHERE, 40) else { panic!() };
    lockout.take_back(&counted);
    assert!(guess(&lockout, "cn=alice", &ELSEWHERE, 41));
}

#[test]
fn log_only_tells_and_refuses_nobody() {
    let watching = lockout(LockoutMode::LogOnly);
    (0..9).for_each(|_| assert!(guess(&watching, "cn=alice", &ELSEWHERE, 0)));
    let Attempt::Allowed(counted) = begin(&watching, "cn=alice", &ELSEWHERE, 1) else { panic!() };
    assert!(!counted.familiar && counted.would_be_locked);
    let off = lockout(LockoutMode::Off);
    assert!(off.begin(LockoutKey::account("cn=alice"), &ELSEWHERE, minute(0)).is_none());
    assert!(off.accounts().is_empty());
}

#[test]
fn a_flood_of_names_is_bounded_and_unlocks_nobody() {
    let lockout = lockout(LockoutMode::Enforce);
    (0..3).for_each(|_| assert!(guess(&lockout, "cn=alice", &ELSEWHERE, 0)));
    assert!(sign_in(&lockout, "cn=bob", &HOME, 0));
    (0..2).for_each(|_| assert!(guess(&lockout, "cn=carol", &ELSEWHERE, 0)));
    for name in 0..1_000 {
        assert!(guess(&lockout, &format!("cn=nobody{name}"), &ELSEWHERE, 1));
        assert!(lockout.accounts().len() <= 32);
    }
    assert!(!guess(&lockout, "cn=alice", &ELSEWHERE, 1));
    assert!(guess(&lockout, "cn=carol", &ELSEWHERE, 1) && !guess(&lockout, "cn=carol", &ELSEWHERE, 1));
    let Attempt::Allowed(counted) = begin(&lockout, "cn=bob", &HOME, 1) else { panic!() };
    assert!(counted.familiar);
}

#[test]
fn where_every_name_is_locked_a_new_one_is_refused_until_one_is_not() {
    let lockout = lockout(LockoutMode::Enforce);
    for name in 0..32 {
        (0..3).for_each(|_| assert!(guess(&lockout, &format!("cn=user{name}"), &ELSEWHERE, 0)));
    }
    assert!(matches!(begin(&lockout, "cn=alice", &ELSEWHERE, 1), Attempt::Full { most: 32 }));
    assert!(!guess(&lockout, "cn=user7", &ELSEWHERE, 1), "those that are held are judged as ever");
    assert!(sign_in(&lockout, "cn=alice", &ELSEWHERE, 31));
}

#[test]
fn an_account_and_a_name_that_leads_to_none_are_counted_apart() {
    assert_ne!(LockoutKey::account("alice"), LockoutKey::nobody("alice"));
    assert_eq!(LockoutKey::nobody("Alice@Contoso.test "), LockoutKey::nobody("alice@contoso.TEST"));
}
