//! The claim types that metadata names, so that whoever imports it can choose among them: the claim descriptions of a new
//! AD FS 2016 farm (ADFS-PROTOCOLS section 9.1), without those about devices, of which nothing is known here.

macro_rules! identity {
    ($name:literal) => {
        concat!("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/", $name)
    };
}

macro_rules! windows {
    ($name:literal) => {
        concat!("http://schemas.microsoft.com/ws/2008/06/identity/claims/", $name)
    };
}

macro_rules! request {
    ($name:literal) => {
        concat!("http://schemas.microsoft.com/2012/01/requestcontext/claims/", $name)
    };
}

macro_rules! field {
    ($name:literal) => {
        concat!("http://schemas.microsoft.com/2012/12/certificatecontext/field/", $name)
    };
}

macro_rules! extension {
    ($name:literal) => {
        concat!("http://schemas.microsoft.com/2012/12/certificatecontext/extension/", $name)
    };
}

/// URI and display name, in AD FS's order.
pub(super) const OFFERED: &[(&str, &str)] = &[
    (identity!("emailaddress"), "E-Mail Address"),
    (identity!("givenname"), "Given Name"),
    (identity!("name"), "Name"),
    (identity!("upn"), "UPN"),
    ("http://schemas.xmlsoap.org/claims/CommonName", "Common Name"),
    ("http://schemas.xmlsoap.org/claims/EmailAddress", "AD FS 1.x E-Mail Address"),
    ("http://schemas.xmlsoap.org/claims/Group", "Group"),
    ("http://schemas.xmlsoap.org/claims/UPN", "AD FS 1.x UPN"),
    (windows!("role"), "Role"),
    (identity!("surname"), "Surname"),
    (identity!("privatepersonalidentifier"), "PPID"),
    (identity!("nameidentifier"), "Name ID"),
    (windows!("authenticationinstant"), "Authentication time stamp"),
    (windows!("authenticationmethod"), "Authentication method"),
    (identity!("denyonlysid"), "Deny only group SID"),
    (windows!("denyonlyprimarysid"), "Deny only primary SID"),
    (windows!("denyonlyprimarygroupsid"), "Deny only primary group SID"),
    (windows!("groupsid"), "Group SID"),
    (windows!("primarygroupsid"), "Primary group SID"),
    (windows!("primarysid"), "Primary SID"),
    (windows!("windowsaccountname"), "Windows account name"),
    (request!("x-ms-forwarded-client-ip"), "Forwarded Client IP"),
    (request!("x-ms-client-application"), "Client Application"),
    (request!("x-ms-client-user-agent"), "Client User Agent"),
    (request!("x-ms-client-ip"), "Client IP"),
    (request!("x-ms-endpoint-absolute-path"), "Endpoint Path"),
    (request!("x-ms-proxy"), "Proxy"),
    (request!("relyingpartytrustid"), "Application Identifier"),
    (extension!("applicationpolicy"), "Application policies"),
    (extension!("authoritykeyidentifier"), "Authority Key Identifier"),
    (extension!("basicconstraints"), "Basic Constraint"),
    (extension!("eku"), "Enhanced Key Usage"),
    (field!("issuer"), "Issuer"),
    (field!("issuername"), "Issuer Name"),
    (extension!("keyusage"), "Key Usage"),
    (field!("notafter"), "Not After"),
    (field!("notbefore"), "Not Before"),
    (extension!("certificatepolicy"), "Certificate Policies"),
    (identity!("rsa"), "Public Key"),
    (field!("rawdata"), "Certificate Raw Data"),
    (extension!("san"), "Subject Alternative Name"),
    (windows!("serialnumber"), "Serial Number"),
    (field!("signaturealgorithm"), "Signature Algorithm"),
    (field!("subject"), "Subject"),
    (extension!("subjectkeyidentifier"), "Subject Key Identifier"),
    (field!("subjectname"), "Subject Name"),
    (extension!("certificatetemplateinformation"), "V2 Template Name"),
    (extension!("certificatetemplatename"), "V1 Template Name"),
    (identity!("thumbprint"), "Thumbprint"),
    (field!("x509version"), "X.509 Version"),
    ("http://schemas.microsoft.com/ws/2012/01/insidecorporatenetwork", "Inside Corporate Network"),
    ("http://schemas.microsoft.com/ws/2012/01/passwordexpirationtime", "Password Expiration Time"),
    ("http://schemas.microsoft.com/ws/2012/01/passwordexpirationdays", "Password Expiration Days"),
    ("http://schemas.microsoft.com/ws/2012/01/passwordchangeurl", "Update Password URL"),
    ("http://schemas.microsoft.com/claims/authnmethodsreferences", "Authentication Methods References"),
    (request!("client-request-id"), "Client Request ID"),
];
