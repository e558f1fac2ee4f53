//! The claim types fedgate itself reads or writes. Always `http:`; the `https:` spelling of newer documentation pages is a
//! bulk edit that never was on the wire.

/// `DOMAIN\user` of the signed-in account.
pub const WINDOWS_ACCOUNT_NAME: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname";
/// The account's user principal name, as the Active Directory claims provider issues it.
pub const UPN: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";
/// `DOMAIN\user` again, as the "name" of the sign-in.
pub const NAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";
/// The account's security identifier.
pub const PRIMARY_SID: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarysid";
/// The security identifier of a group the account is in.
pub const GROUP_SID: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groupsid";
/// The security identifier of the account's primary group.
pub const PRIMARY_GROUP_SID: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid";
/// The user principal name as Office 365 wants it.
pub const OFFICE_UPN: &str = "http://schemas.xmlsoap.org/claims/UPN";
/// The join key between the directory and Entra ID.
pub const IMMUTABLE_ID: &str = "http://schemas.microsoft.com/LiveID/Federation/2008/05/ImmutableID";
/// The subject of a token.
pub const NAME_IDENTIFIER: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier";
/// The issuer that a token names in place of the federation service's own, where a tenant has several federated domains.
pub const ISSUER_ID: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/issuerid";
/// How the user signed in (the primary method).
pub const AUTHENTICATION_METHOD: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationmethod";
/// The method that demands a second factor, and that says there was one.
pub const MULTIPLE_AUTHENTICATION: &str = "http://schemas.microsoft.com/claims/multipleauthn";
/// When the user signed in.
pub const AUTHENTICATION_INSTANT: &str =
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationinstant";
/// Every method used in this sign-in.
pub const AUTHENTICATION_METHODS_REFERENCES: &str = "http://schemas.microsoft.com/claims/authnmethodsreferences";
/// What the types of claims about the request begin with.
pub const REQUEST_CONTEXT: &str = "http://schemas.microsoft.com/2012/01/requestcontext/claims/";
/// Whether the request came from inside.
pub const INSIDE_CORPORATE_NETWORK: &str = "http://schemas.microsoft.com/ws/2012/01/insidecorporatenetwork";
/// The certificate's serial number.
pub const SERIAL_NUMBER: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/serialnumber";
/// SHA-1 of the certificate.
pub const THUMBPRINT: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/thumbprint";
/// The certificate's public key, where it is RSA.
pub const RSA: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/rsa";
/// The certificate's issuer.
pub const CERTIFICATE_ISSUER: &str = "http://schemas.microsoft.com/2012/12/certificatecontext/field/issuer";
/// Issuance is permitted.
pub const PERMIT: &str = "http://schemas.microsoft.com/authorization/claims/permit";
/// Issuance is denied; beats every permit.
pub const DENY: &str = "http://schemas.microsoft.com/authorization/claims/deny";
/// Property of a name identifier: its format.
pub const PROPERTY_FORMAT: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/format";
/// Property of a name identifier: the domain that qualifies it.
pub const PROPERTY_NAME_QUALIFIER: &str =
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/namequalifier";
/// Property of a name identifier: the relying party, or group of them, that qualifies it.
pub const PROPERTY_SP_NAME_QUALIFIER: &str =
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/spnamequalifier";
/// Property of a name identifier: the name that the relying party gave it.
pub const PROPERTY_SP_PROVIDED_ID: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/spprovidedid";
/// Property of any other claim: the `NameFormat` of its SAML 2.0 attribute.
pub const PROPERTY_ATTRIBUTE_NAME_FORMAT: &str =
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/attributename";
