//! `[proxy]`.

use super::document::Section;
use super::keys::{Key, Table};
use super::shapes::List;
use crate::federation::ContextPolicy;
use crate::lookups::AddressRange;

pub(super) const PROXY: Table = Table {
    name: "proxy",
    repeated: false,
    meaning: "Whose word counts about where a request came from. Claim rules read it in the `x-ms-*` claims and in \
              `insidecorporatenetwork`; [request-context.md](request-context.md) has them all.",
    keys: &[&TRUSTED_PEERS, &EXCHANGE_ONLINE, &CORPORATE_NETWORKS],
    variants: &[],
};

const TRUSTED_PEERS: Key<List> = Key {
    name: "trusted_peers",
    shape: List { item: "an address or a range", default: &[], example: &["192.0.2.10", "10.20.30.0/28"], cure: None },
    meaning: "Proxies whose `X-MS-*` headers are believed. From anybody else they are ignored and the record says so. Name \
              the proxies alone: whoever connects from here can say where he comes from.",
};

const EXCHANGE_ONLINE: Key<List> = Key {
    name: "exchange_online",
    shape: List {
        item: "an address or a range",
        default: &[],
        example: &["40.92.0.0/15", "52.100.0.0/14"],
        cure: None,
    },
    meaning: "Where Exchange Online connects to these proxies from. Then `X-MS-Client-Application`, \
              `X-MS-Client-User-Agent` and further addresses in `X-MS-Forwarded-Client-IP` count from there only. Without \
              it they count from everybody the proxies let through, as in AD FS.",
};

const CORPORATE_NETWORKS: Key<List> = Key {
    name: "corporate_networks",
    shape: List {
        item: "an address or a range",
        default: &[],
        example: &["10.0.0.0/8", "2001:db8:1::/48"],
        cure: None,
    },
    meaning: "Where a client is inside the corporate network, unless a proxy says that it comes from outside. Without it \
              nobody is.",
};

pub(super) fn proxy(mut section: Section<'_, '_>) -> ContextPolicy {
    let policy = ContextPolicy {
        trusted_peers: ranges(&mut section, &TRUSTED_PEERS),
        exchange_online: ranges(&mut section, &EXCHANGE_ONLINE),
        corporate_networks: ranges(&mut section, &CORPORATE_NETWORKS),
    };
    section.finish();
    policy
}

fn ranges(section: &mut Section<'_, '_>, key: &Key<List>) -> Vec<AddressRange> {
    let texts = section.list(key);
    let mut ranges = Vec::new();
    for text in &texts.value {
        match AddressRange::parse(text) {
            Some(range) if range.is_everything() => section.source.problem(
                &texts,
                format!("has {text:?}, which is everybody"),
                "Name the addresses that are meant; nobody could be told from a stranger.",
            ),
            Some(range) => ranges.push(range),
            None => section.source.problem(
                &texts,
                format!("has {text:?}, which is no address and no range"),
                "Write an address like 192.0.2.10 or a range like 10.0.0.0/8; a name would have to be resolved.",
            ),
        }
    }
    ranges
}
