//! Relying parties of three makes take our responses and refuse altered ones; `tests/clients/saml_relying_parties.py` is who.

use super::party::{Party, trusts};
use crate::support::lab::{TestLab, text};
use crate::support::python;
use serde_json::{Value, json};

const UPN: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";

fn party(name: &'static str) -> Party {
    Party { name, ..Party::default() }
}

#[test]
fn three_libraries_take_our_responses_and_refuse_altered_ones() {
    let lasso = Party { logout: false, ..party("lasso") };
    let pysaml2 = party("pysaml2");
    let python3_saml = Party {
        more: "saml_response_signature = \"message-and-assertion\"\nencryption_certificate = \"sp.pem\"\n",
        ..party("python3-saml")
    };
    let parties = [lasso, pysaml2, python3_saml];
    let lab = TestLab::changed(|lab| trusts(lab, &parties));
    let (certificate, key) = lab.lab.user("good");
    let bases: Value = parties.iter().map(|party| (party.name.to_owned(), json!(party.base()))).collect();
    let settings = json!({
        "user_tls": format!("127.0.0.1:{}", lab.user_tls().port()),
        "ca": text(lab.lab.root()),
        "certificate": text(certificate),
        "key": text(key),
        "sp_certificate": text(lab.lab.path("sp.pem")),
        "sp_key": text(lab.lab.path("sp.key")),
        "issuer": "http://sts.contoso.test/adfs/services/trust",
        "parties": bases,
    });
    let Some(found) = python::relying_parties(&settings) else {
        panic!("python3-pysaml2, python3-onelogin-saml2 and python3-lasso are not installed")
    };
    for party in &parties {
        let found = &found[party.name];
        assert_eq!(found["action"], party.consumer(), "{}", party.name);
        assert_eq!((&found["state"], &found["fields"]), (&json!(true), &json!(["RelayState", "SAMLResponse"])));
        assert_eq!(found["encrypted"], party.name == "python3-saml");
        assert_eq!(found["accepts"]["name"], "alice@contoso.test", "{found}");
        // pysaml2 has a short name for it
        let upn = if party.name == "pysaml2" { "upn" } else { UPN };
        assert_eq!(found["accepts"]["attributes"], json!({ upn: ["alice@contoso.test"] }), "{found}");
        assert!(found["accepts"]["index"].as_str().is_some_and(|index| index.starts_with('_')), "{found}");
        assert!(found["tried"].as_array().is_some_and(|tried| tried.len() >= 2), "{found}");
        assert_eq!(found["takes"], json!([]), "{}", party.name);
    }
    // Lasso's could not be told
    for (logout, errors) in [("partial_logout", json!(["logout_not_success"])), ("logout", json!([]))] {
        let logout = &found[logout];
        assert_eq!(logout["told"], json!(["https://pysaml2.test/slo", "alice@contoso.test"]));
        assert_eq!(logout["status"], json!([302, 302]));
        assert_eq!((&logout["errors"], &logout["state"]), (&errors, &json!("a&b=c d+é\"'<")), "{logout}");
    }
    assert_eq!(found["logout_again"]["errors"], json!(["logout_not_success"]), "nobody is signed in any more");
}
