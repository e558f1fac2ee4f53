use super::*;
use crate::federation::{Endpoint, Endpoints};

fn with(keys: &str) -> String {
    format!("[endpoints]\n{keys}\n{SHORTEST}")
}

#[test]
fn everything_is_on_unless_it_is_named() {
    assert_eq!(parsed(SHORTEST).endpoints, Endpoints::default());
    let said = "disabled = ['/ADFS/services/trust/mex/']\n\
                proxy_disabled = ['/adfs/services/trust/2005/certificatetransport']\n\
                user_tls_port = 49443\nservice_port = 443";
    let expected = Endpoints {
        disabled: vec![Endpoint::MetadataExchange],
        proxy_disabled: vec![Endpoint::CertificateTransport2005],
        user_tls_port: 49443,
        service_port: 443,
        ..Endpoints::default()
    };
    assert_eq!(parsed(&with(said)).endpoints, expected);
}

/// An operator who means to close an address must not believe that it is closed.
#[test]
fn an_endpoint_that_is_not_here_is_a_problem() {
    let problems = refused(&with("disabled = ['/adfs/services/trust/mexx']"));
    let [problem] = problems.sorted()[..] else { panic!("{problems}") };
    assert_eq!(problem.message, "has \"/adfs/services/trust/mexx\", which is not served here anyway");
    assert_eq!(problem.cure, "Did you mean /adfs/services/trust/mex?");
    let problems = refused(&with("proxy_disabled = ['/adfs/services/trust/2005/windowstransport']"));
    let [problem] = problems.sorted()[..] else { panic!("{problems}") };
    assert_eq!(problem.key, "[endpoints] proxy_disabled");
}
