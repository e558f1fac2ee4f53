//! A browser without script: it keeps cookies, sends forms and presents its certificate where it is asked.

use crate::support::http_client::{Answer, exchange};
use crate::support::lab::TestLab;
use crate::support::tls_client::dial;
use openssl::ssl::{SslConnector, SslFiletype, SslMethod};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;
use url::Url;
use url::form_urlencoded::Serializer;

pub struct PlainBrowser<'a> {
    lab: &'a TestLab,
    /// The member of the cast whose certificate it has.
    certificate: Option<&'a str>,
    pub cookies: BTreeMap<String, String>,
    /// Header lines that it sends along.
    pub headers: Vec<String>,
}

/// A form of a page.
#[derive(Debug, Clone)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl<'a> PlainBrowser<'a> {
    pub fn new(lab: &'a TestLab, certificate: Option<&'a str>) -> Self {
        Self { lab, certificate, cookies: BTreeMap::new(), headers: Vec::new() }
    }

    /// The sign-in page with this query, on the service port.
    pub fn begin(&mut self, query: &str) -> Answer {
        let url = format!("https://{}:{}/adfs/ls/?{query}", self.lab.lab.service_name(), self.lab.service().port());
        self.get(&url)
    }

    /// The address of the same on the certificate port.
    pub fn certificate_url(&self, query: &str) -> String {
        format!("https://{}:{}/adfs/ls/?{query}", self.lab.lab.service_name(), self.lab.user_tls().port())
    }

    pub fn get(&mut self, url: &str) -> Answer {
        self.send(url, None)
    }

    pub fn submit(&mut self, form: &Form) -> Answer {
        let body = Serializer::new(String::new()).extend_pairs(&form.fields).finish();
        self.send(&form.action, Some(&body))
    }

    pub fn send(&mut self, url: &str, body: Option<&str>) -> Answer {
        let url = Url::parse(url).unwrap();
        assert_eq!((url.scheme(), url.host_str()), ("https", Some(self.lab.lab.service_name())), "{url}");
        let mut request = String::new();
        let method = if body.is_some() { "POST" } else { "GET" };
        let target = &url[url::Position::BeforePath..];
        let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
        write!(request, "{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n").unwrap();
        for line in &self.headers {
            write!(request, "{line}\r\n").unwrap();
        }
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            write!(request, "Cookie: {}\r\n", cookies.join("; ")).unwrap();
        }
        if let Some(body) = body {
            let length = body.len();
            write!(request, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n").unwrap();
        }
        write!(request, "\r\n{}", body.unwrap_or_default()).unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], url.port().unwrap()));
        let mut stream = self.connector().connect(self.lab.lab.service_name(), dial(address)).unwrap();
        let answer = exchange(&mut stream, request);
        self.keep(&answer);
        answer
    }

    fn connector(&self) -> SslConnector {
        let mut builder = SslConnector::builder(SslMethod::tls_client()).unwrap();
        builder.set_ca_file(self.lab.lab.root()).unwrap();
        if let Some(name) = self.certificate {
            let (chain, key) = self.lab.lab.user(name);
            builder.set_certificate_chain_file(chain).unwrap();
            builder.set_private_key_file(key, SslFiletype::PEM).unwrap();
        }
        builder.build()
    }

    fn keep(&mut self, answer: &Answer) {
        for line in set_cookies(answer) {
            let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

pub fn set_cookies(answer: &Answer) -> impl Iterator<Item = &str> {
    answer.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str())
}

/// The form whose start has this text.
pub fn form(answer: &Answer, mark: &str) -> Form {
    let found = answer.body.split("<form").skip(1).find(|form| form.split('>').next().unwrap().contains(mark));
    let form = found.unwrap_or_else(|| panic!("no form {mark:?} in {} {}", answer.status, answer.body));
    let form = form.split("</form>").next().unwrap();
    let inputs = form.split("<input").skip(1).map(|input| input.split('>').next().unwrap());
    let field = |input: &str| Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()));
    Form { action: attribute(form, "action").unwrap(), fields: inputs.filter_map(field).collect() }
}

impl Form {
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// With something typed in.
    pub fn typed(mut self, name: &str, value: &str) -> Self {
        self.fields.iter_mut().find(|(known, _)| known == name).unwrap().1 = value.to_owned();
        self
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?;
    let mut text = value.to_owned();
    for (escape, character) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#x2f;", "/"),
        ("&#13;", "\r"),
        ("&#10;", "\n"),
        ("&#9;", "\t"),
        ("&amp;", "&"),
    ] {
        text = text.replace(escape, character);
    }
    Some(text)
}
