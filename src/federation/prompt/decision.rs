//! What happens next in a sign-in: one pure function of the demand, the policy and the proofs there are.

use super::{Freshness, Location, Method, MethodDemand, Methods, SignInDemand};
use jiff::{SignedDuration, Timestamp};

/// Which methods may be used for what: `Set-AdfsGlobalAuthenticationPolicy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthenticationPolicy {
    /// `PrimaryIntranetAuthenticationProvider`.
    pub primary_intranet: Methods,
    /// `PrimaryExtranetAuthenticationProvider`.
    pub primary_extranet: Methods,
    /// `AdditionalAuthenticationProvider`: what may be the second factor.
    pub additional: Methods,
    /// Whether a certificate alone counts as two factors.
    pub certificate_is_multi_factor: bool,
    /// What a demand for a password meets where nobody has one.
    pub password_demand: PasswordDemand,
}

/// What becomes of a request that insists on a password where the certificate is the only method: Entra ID sends it for
/// `prompt=login` unless PromptLoginBehavior says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum PasswordDemand {
    /// It is refused, as AD FS does.
    #[default]
    Strict,
    /// A certificate presented in this transaction satisfies it.
    FreshCertificate,
}

/// That somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// By what.
    pub primary: Method,
    /// By what besides.
    pub additional: Option<Method>,
    /// When.
    pub at: Timestamp,
}

/// What there is to go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Proofs {
    /// The session that the browser brought.
    pub session: Option<Proof>,
    /// What was proved in this transaction: a credential that was validated after the transaction began.
    pub transaction: Option<Proof>,
}

/// What happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The token is made from the session.
    UseSession(Proof),
    /// The token is made from what was proved just now.
    UseTransaction(Proof),
    /// There is only one way: no chooser.
    GoTo(Method),
    /// The person chooses.
    Choose(Methods),
    /// One factor was proved; one of these must follow.
    Add(Methods),
    /// There is no way.
    Refuse(Impossible),
}

/// Why there is no way to satisfy a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Impossible {
    /// No primary method is enabled for where the request comes from.
    NothingEnabled,
    /// The request asks for a method by a name that is not known.
    UnknownMethod,
    /// The request asks for methods that are not enabled.
    NotEnabled,
    /// The request insists on a password, and only certificates are enabled: PromptLoginBehavior.
    PasswordOfCertificateUsers,
    /// Two factors are asked for, and no second one is enabled.
    NoSecondFactor,
}

/// What holds for a gateway that nobody configured otherwise: certificates, and passwords beside them, everywhere.
impl Default for AuthenticationPolicy {
    fn default() -> Self {
        let primary = Methods::NONE.with(Method::Certificate).with(Method::Password);
        Self {
            primary_intranet: primary,
            primary_extranet: primary,
            additional: Methods::NONE,
            certificate_is_multi_factor: false,
            password_demand: PasswordDemand::default(),
        }
    }
}

impl AuthenticationPolicy {
    /// The primary methods of a location.
    pub fn primary(&self, location: Location) -> Methods {
        match location {
            Location::Intranet => self.primary_intranet,
            Location::Extranet => self.primary_extranet,
        }
    }

    /// What may follow a primary method as the second factor: another method.
    pub fn second(&self, primary: Method) -> Methods {
        self.additional.without(primary)
    }

    /// Whether a proof counts as two factors.
    fn is_multiple(&self, proof: Proof) -> bool {
        proof.additional.is_some_and(|additional| additional != proof.primary)
            || (self.certificate_is_multi_factor && proof.primary == Method::Certificate)
    }

    /// Whether somebody who begins with this method can come to two factors.
    fn leads_to_multiple(&self, primary: Method) -> bool {
        !self.second(primary).is_empty() || (self.certificate_is_multi_factor && primary == Method::Certificate)
    }
}

/// Decides what happens next (ADFS-PROTOCOLS section 6.2).
///
/// A proof of this transaction satisfies any freshness, so whatever is answered to [`Decision::GoTo`], [`Decision::Choose`] or
/// [`Decision::Add`] leads on: no request can be sent round in circles.
pub fn decide(
    demand: &SignInDemand,
    policy: &AuthenticationPolicy,
    location: Location,
    proofs: &Proofs,
    at: Timestamp,
) -> Decision {
    let allowed = match allowed(demand, policy, location) {
        Ok(allowed) => allowed,
        Err(impossible) => return Decision::Refuse(impossible),
    };
    let multiple = demand.methods == MethodDemand::Multiple;
    let satisfies =
        |proof: &Proof| allowed.methods.contains(proof.primary) && (!multiple || policy.is_multiple(*proof));
    if let Some(proof) = proofs.transaction.filter(|proof| allowed.methods.contains(proof.primary)) {
        if satisfies(&proof) {
            return Decision::UseTransaction(proof);
        }
        return Decision::Add(policy.second(proof.primary));
    }
    let recent = |proof: &Proof| match allowed.freshness {
        Freshness::Any => true,
        Freshness::Now(_) => false,
        Freshness::Within(age) => SignedDuration::try_from(age).is_ok_and(|age| at.duration_since(proof.at) <= age),
    };
    if let Some(proof) = proofs.session.filter(|proof| satisfies(proof) && recent(proof)) {
        return Decision::UseSession(proof);
    }
    allowed.methods.only().map_or(Decision::Choose(allowed.methods), Decision::GoTo)
}

struct Allowed {
    methods: Methods,
    freshness: Freshness,
}

fn allowed(demand: &SignInDemand, policy: &AuthenticationPolicy, location: Location) -> Result<Allowed, Impossible> {
    let enabled = policy.primary(location);
    if enabled.is_empty() {
        return Err(Impossible::NothingEnabled);
    }
    let freshness = demand.freshness;
    let only_certificates = enabled.only() == Some(Method::Certificate);
    match &demand.methods {
        MethodDemand::Any => Ok(Allowed { methods: enabled, freshness }),
        MethodDemand::Unknown(_) => Err(Impossible::UnknownMethod),
        MethodDemand::Multiple => {
            let methods: Methods = enabled.iter().filter(|method| policy.leads_to_multiple(*method)).collect();
            if methods.is_empty() { Err(Impossible::NoSecondFactor) } else { Ok(Allowed { methods, freshness }) }
        }
        MethodDemand::OneOf(wanted) => {
            let methods = wanted.and(enabled);
            let password = wanted.only() == Some(Method::Password);
            match (methods.is_empty(), password && only_certificates, policy.password_demand) {
                (false, ..) => Ok(Allowed { methods, freshness }),
                // the password would have been typed now, so the certificate must be presented now
                (true, true, PasswordDemand::FreshCertificate) => {
                    let now = match freshness {
                        Freshness::Now(reason) => reason,
                        Freshness::Any | Freshness::Within(_) => super::Reason::WFresh,
                    };
                    Ok(Allowed { methods: enabled, freshness: Freshness::Now(now) })
                }
                (true, true, PasswordDemand::Strict) => Err(Impossible::PasswordOfCertificateUsers),
                (true, false, _) => Err(Impossible::NotEnabled),
            }
        }
    }
}
