//! The lab's CRL server: plain HTTP on the loopback interface, the files of one folder and nothing else. It reads the file
//! anew for every request, so that a CRL can be exchanged while the lab runs.

use actix_web::dev::{Server, ServerHandle};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{App, HttpResponse, HttpServer, web};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

/// A running CRL server.
#[derive(Debug)]
pub(super) struct CrlServer {
    handle: ServerHandle,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl CrlServer {
    /// Serves `folder` on a bound socket.
    pub(super) fn start(socket: TcpListener, folder: &Path) -> std::io::Result<Self> {
        let server = server(socket, folder.to_owned())?;
        Ok(Self { handle: server.handle(), task: tokio::spawn(server) })
    }

    pub(super) async fn stop(self) {
        self.handle.stop(true).await;
        let _ = self.task.await;
    }
}

fn server(socket: TcpListener, folder: PathBuf) -> std::io::Result<Server> {
    let folder = web::Data::new(folder);
    let server = HttpServer::new(move || App::new().app_data(folder.clone()).route("/{file}", web::get().to(file)))
        .workers(1)
        .disable_signals()
        .listen(socket)?;
    Ok(server.run())
}

async fn file(folder: web::Data<PathBuf>, name: web::Path<String>) -> HttpResponse {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    if !plain || !name.ends_with(".crl") {
        return HttpResponse::NotFound().finish();
    }
    match tokio::fs::read(folder.join(name.as_str())).await {
        Ok(crl) => HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/pkix-crl")).body(crl),
        Err(_) => HttpResponse::NotFound().finish(),
    }
}
