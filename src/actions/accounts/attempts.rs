//! How often someone may try: so many times from one address, and so many times at one account.
//!
//! The account is the one that was typed, whether it exists or not, so that the refusal tells nothing.

use super::AccountRules;
use crate::actions::{ActionError, Context};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

/// The time in which the attempts are counted.
const WINDOW: Duration = Duration::from_mins(15);
/// Beyond so many remembered keys those that have been quiet are forgotten.
const MANY: usize = 10_000;

/// Counts attempts in memory.
pub struct Attempts {
    by_address: DefaultKeyedRateLimiter<IpAddr>,
    by_account: DefaultKeyedRateLimiter<[u8; 32]>,
    everywhere: DefaultKeyedRateLimiter<[u8; 32]>,
    complaints: DefaultKeyedRateLimiter<IpAddr>,
    /// None where there is no such bound.
    registrations: Option<DefaultKeyedRateLimiter<IpAddr>>,
    slips: DefaultKeyedRateLimiter<IpAddr>,
}

/// So many complaints are taken from one address in that time: a class that reads together shares one.
const COMPLAINTS: u32 = 10;

/// So many codes of slips are looked up from one address in that time: a whole village may share one.
const SLIPS: u32 = 600;

/// From all addresses together an account takes so many times the attempts that it takes from one.
const ALL_PLACES: u32 = 10;

fn quota(attempts: u32) -> Quota {
    let attempts = NonZeroU32::new(attempts).unwrap_or(NonZeroU32::MIN);
    let every = WINDOW / attempts.get();
    Quota::with_period(every).unwrap_or_else(|| Quota::per_second(attempts)).allow_burst(attempts)
}

impl Attempts {
    pub(crate) fn new(rules: &AccountRules) -> Self {
        Self {
            by_address: RateLimiter::keyed(quota(rules.sign_in_per_address)),
            by_account: RateLimiter::keyed(quota(rules.sign_in_per_account)),
            everywhere: RateLimiter::keyed(quota(rules.sign_in_per_account.saturating_mul(ALL_PLACES))),
            complaints: RateLimiter::keyed(quota(COMPLAINTS)),
            registrations: (rules.registrations_per_address > 0)
                .then(|| RateLimiter::keyed(quota(rules.registrations_per_address))),
            slips: RateLimiter::keyed(quota(SLIPS)),
        }
    }

    /// Counts a registration from an address.
    pub(in crate::actions) fn registration(&self, address: IpAddr) -> Result<(), ActionError> {
        self.registrations.as_ref().map_or(Ok(()), |limiter| count(limiter, &address))
    }

    /// Counts a look at a slip's code from an address.
    pub(in crate::actions) fn slip(&self, address: IpAddr) -> Result<(), ActionError> {
        count(&self.slips, &address)
    }

    /// Counts a complaint from an address.
    pub(crate) fn complaint(&self, address: IpAddr) -> Result<(), ActionError> {
        count(&self.complaints, &address)
    }

    /// Counts an attempt from an address.
    pub(crate) fn by_address(&self, address: IpAddr) -> Result<(), ActionError> {
        count(&self.by_address, &address)
    }

    /// Counts an attempt at an account, named by what was typed or by its id.
    pub(super) fn by_account(&self, name: &str) -> Result<(), ActionError> {
        // Only a digest is remembered: a password is sometimes typed where the name belongs.
        count(&self.by_account, blake3::hash(name.as_bytes()).as_bytes())
    }

    /// Counts an attempt at an account from an address. Whoever guesses there keeps nobody out who is elsewhere, until so
    /// many guess together that the account as a whole has had [`ALL_PLACES`] times as many attempts.
    pub(super) fn from(&self, address: IpAddr, name: &str) -> Result<(), ActionError> {
        let name = blake3::hash(name.as_bytes());
        let here = blake3::keyed_hash(name.as_bytes(), address.to_string().as_bytes());
        count(&self.by_account, here.as_bytes())?;
        count(&self.everywhere, name.as_bytes())
    }
}

/// Forgets addresses and accounts that have been quiet so long that they may try as often as anyone.
pub fn forget_quiet(context: &Context) {
    let attempts = &context.attempts;
    attempts.by_address.retain_recent();
    attempts.by_account.retain_recent();
    attempts.everywhere.retain_recent();
    attempts.slips.retain_recent();
    if let Some(registrations) = &attempts.registrations {
        registrations.retain_recent();
    }
    attempts.by_address.shrink_to_fit();
    attempts.by_account.shrink_to_fit();
    attempts.everywhere.shrink_to_fit();
}

fn count<K: std::hash::Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), ActionError> {
    if limiter.len() > MANY {
        limiter.retain_recent();
    }
    limiter
        .check_key(key)
        .map_err(|until| ActionError::TooOften { wait: until.wait_time_from(DefaultClock::default().now()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attempt_after_the_last_one_must_wait_and_others_need_not() {
        let rules = AccountRules { sign_in_per_account: 3, sign_in_per_address: 2, ..AccountRules::default() };
        let attempts = Attempts::new(&rules);
        assert!((0..3).all(|_| attempts.by_account("lan").is_ok()));
        let Err(ActionError::TooOften { wait }) = attempts.by_account("lan") else { panic!("not limited") };
        assert!(wait > Duration::from_mins(4) && wait <= Duration::from_mins(5), "{wait:?}");
        assert!(attempts.by_account("hoa").is_ok());
        let place = |last: u8| IpAddr::from([198, 51, 100, last]);
        assert!((0..3).all(|_| attempts.from(place(1), "mai").is_ok()) && attempts.from(place(1), "mai").is_err());
        assert!(attempts.from(place(2), "mai").is_ok(), "someone who guesses elsewhere keeps nobody out");
        let taken = (3..=60).flat_map(|last| std::iter::repeat_n(last, 3));
        assert!(taken.filter(|last| attempts.from(place(*last), "mai").is_ok()).count() <= 26);
        let address = IpAddr::from([203, 0, 113, 7]);
        assert!(attempts.by_address(address).is_ok() && attempts.by_address(address).is_ok());
        assert!(attempts.by_address(address).is_err());
    }
}
