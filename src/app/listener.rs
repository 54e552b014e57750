//! The listening side of HTTP: plain behind a proxy, or with own certificate files.

use super::{AppError, certificate};
use crate::config::HttpConfig;
use crate::web::Peer;
use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{Receiver, channel};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A handshake that takes longer is given up.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How many finished handshakes may wait.
const WAITING: usize = 64;

/// A bound address.
pub(super) struct Bound {
    tcp: TcpListener,
    tls: Option<TlsAcceptor>,
}

/// Binds the configured address and reads the certificate, if any.
pub(super) async fn bind(config: &HttpConfig) -> Result<Bound, AppError> {
    let tls = config.tls.as_ref().map(certificate::server_config).transpose();
    let tls = tls.map_err(|cause| AppError::Tool { what: "chứng thư TLS", cause })?;
    let tls = tls.map(|config| TlsAcceptor::from(Arc::new(config)));
    let tcp = TcpListener::bind(config.listen).await.map_err(|error| {
        AppError::Usage(format!("Không mở được cổng {}: {error}. Hãy chọn cổng khác bằng --listen.", config.listen))
    })?;
    Ok(Bound { tcp, tls })
}

impl Bound {
    /// The address that was bound; differs from the wanted one where that left the port open.
    pub(super) fn address(&self, wanted: SocketAddr) -> SocketAddr {
        self.tcp.local_addr().unwrap_or(wanted)
    }

    /// Serves until `stop` resolves, then lets the answers in hand finish.
    pub(super) async fn serve(
        self,
        router: Router,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), AppError> {
        let service = router.into_make_service_with_connect_info::<Peer>();
        match self.tls {
            None => axum::serve(self.tcp, service).with_graceful_shutdown(stop).await?,
            Some(acceptor) => {
                axum::serve(TlsListener::start(self.tcp, acceptor)?, service).with_graceful_shutdown(stop).await?;
            }
        }
        Ok(())
    }
}

/// Hands out connections whose handshake is done; slow ones do not hold others up.
struct TlsListener {
    ready: Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
}

impl TlsListener {
    fn start(tcp: TcpListener, acceptor: TlsAcceptor) -> std::io::Result<Self> {
        let address = tcp.local_addr()?;
        let (sender, ready) = channel(WAITING);
        tokio::spawn(async move {
            loop {
                let Ok((stream, peer)) = tcp.accept().await else {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                };
                let (acceptor, sender) = (acceptor.clone(), sender.clone());
                tokio::spawn(async move {
                    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                        drop(sender.send((stream, peer)).await);
                    }
                });
            }
        });
        Ok(Self { ready, address })
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        Ok(self.address)
    }
}

impl Connected<IncomingStream<'_, TlsListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        Self(*stream.remote_addr())
    }
}

impl Connected<IncomingStream<'_, TcpListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Self {
        Self(*stream.remote_addr())
    }
}
