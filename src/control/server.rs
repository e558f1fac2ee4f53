//! HTTP/1.1 over the control socket. Whoever can connect is the operator: the socket's mode says so.

use super::ExemptionReport;
use super::measured::measured;
use super::report::{CrlReport, Refreshed, Status, refreshed, reports};
use super::socket::ControlSocket;
use crate::http::Gateway;
use actix_web::dev::ServerHandle;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{App, HttpResponse, HttpServer, web};
use serde::{Deserialize, Serialize};
use std::io;
use tokio::task::JoinHandle;

/// What is to be fetched now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct RefreshRequest {
    /// These addresses; every one when absent.
    pub(super) urls: Option<Vec<String>>,
}

/// Answers at the socket until it is told to stop; the socket's name goes with it.
///
/// # Errors
/// When the socket cannot be served.
pub fn serve(
    socket: ControlSocket,
    gateway: web::Data<Gateway>,
) -> io::Result<(ServerHandle, JoinHandle<io::Result<()>>)> {
    let ControlSocket { listener, name } = socket;
    let app = move || {
        App::new()
            .app_data(gateway.clone())
            .route("/crls", web::get().to(crls))
            .route("/crls/refresh", web::post().to(refresh))
            .route("/metrics", web::get().to(metrics))
    };
    let server = HttpServer::new(app).workers(1).shutdown_timeout(5).disable_signals().listen_uds(listener)?.run();
    let handle = server.handle();
    let task = tokio::spawn(async move {
        let ended = server.await;
        drop(name);
        ended
    });
    Ok((handle, task))
}

async fn crls(gateway: web::Data<Gateway>) -> HttpResponse {
    let at = gateway.clock.now();
    let exemptions = ExemptionReport::all(&gateway.farm.load().revocation, at);
    HttpResponse::Ok().json(Status { at, exemptions, crls: reports(&gateway.crls.views(), at) })
}

async fn refresh(gateway: web::Data<Gateway>, wanted: web::Json<RefreshRequest>) -> HttpResponse {
    let RefreshRequest { urls } = wanted.into_inner();
    let chosen = |url: &str| urls.as_ref().is_none_or(|urls| urls.iter().any(|wanted| wanted == url));
    let asked = gateway.crls.refresh(chosen).await;
    let answer: Vec<Refreshed> = refreshed(&asked, gateway.clock.now());
    for Refreshed { crl: CrlReport { url, .. }, fetch, failed } in &answer {
        let result = fetch.as_ref().map(|fetch| fetch.result.name());
        tracing::info!(url, result, failed, "an operator asked for a CRL");
    }
    HttpResponse::Ok().json(answer)
}

async fn metrics(gateway: web::Data<Gateway>) -> HttpResponse {
    let text = measured(&gateway, gateway.clock.now());
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")).body(text)
}
