//! WS-Trust as active clients use it: they discover an endpoint, then ask it for a token.

mod discovery;
mod signed_message;
mod user_name;
