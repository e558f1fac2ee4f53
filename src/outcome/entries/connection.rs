//! Stage 1: what TLS told us.

use super::super::{Disposition, Entry, Level, Paths, Wire};
use crate::sign_in::Stage;

/// What the entries of this file share.
const BASE: Entry = Entry {
    code: "",
    stage: Stage::Connection,
    disposition: Disposition::Refuse,
    paths: Paths::Federated,
    user_text: super::GENERIC_USER_TEXT,
    admin_text: "",
    remedy: &[],
    entra_code: None,
    adfs_event: Some(360),
    wire: Wire::Forbidden,
    level: Level::Notice,
    fields: &[],
    source: "AD FS wire facts 1.2, 2.2",
    rank: 50,
};

pub(in crate::outcome) const NO_CERTIFICATE: Entry = Entry {
    entra_code: Some("AADSTS50192"),
    code: "FG1001",
    user_text: "No certificate arrived with this request. Choose your certificate when your device asks for it; if it never asks, the certificate may not be installed.",
    admin_text: "The client finished the TLS handshake without presenting a certificate.",
    remedy: &[
        "Check that the user's certificate and its private key are installed on the device.",
        "Check that nothing between the client and this listener terminates TLS: a load balancer must pass it through.",
        "A client that was never asked reached the wrong port: user certificates belong to the user TLS listener (49443).",
    ],
    fields: &["peer", "port"],
    rank: 90,
    ..BASE
};

pub(in crate::outcome) const WRONG_LISTENER: Entry = Entry {
    code: "FG1002",
    user_text: "This address does not accept certificates. Use the certificate address of this federation service.",
    admin_text: "certificatetransport was called on the service listener, which never asks for a certificate.",
    remedy: &[
        "Point the client at the user TLS listener (port 49443 unless configured otherwise).",
        "If a proxy forwards 49443 to this listener, correct its target port.",
    ],
    fields: &["peer", "port"],
    rank: 95,
    ..BASE
};
