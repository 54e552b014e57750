//! The listening side of HTTP: plain behind a proxy, or with own certificate files.
//!
//! A caller who connects and says nothing is let go after a while, one address holds only so many connections, and a
//! stop waits only so long for answers in hand: silence from outside never keeps others out.

use super::{AppError, certificate};
use crate::config::HttpConfig;
use crate::web::Peer;
use axum::Router;
use axum::extract::connect_info::Connected;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

/// A handshake that takes longer is given up.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The head of the first or the next request must be there after so long, else the connection is closed.
const HEAD: Duration = Duration::from_secs(20);
/// A stop waits so long for answers in hand.
const DRAIN: Duration = Duration::from_secs(10);
/// So many connections one address may hold, unless it is a trusted proxy: enough for a school behind one line.
const CONNECTIONS_PER_ADDRESS: usize = 256;
/// So many open files are kept for everything but connections: the store, the index, originals on their way out.
const OTHER_FILES: u64 = 384;
/// Connections at least and at most, whatever the limit on open files says.
const CONNECTIONS: (u64, u64) = (64, 16_384);

/// A bound address.
pub(super) struct Bound {
    tcp: TcpListener,
    tls: Option<TlsAcceptor>,
    proxies: Vec<IpAddr>,
}

/// Binds the configured address and reads the certificate, if any.
pub(super) async fn bind(config: &HttpConfig) -> Result<Bound, AppError> {
    let tls = config.tls.as_ref().map(certificate::server_config).transpose();
    let tls = tls.map_err(|cause| AppError::Tool { what: "chứng thư TLS", cause })?;
    let tls = tls.map(|config| TlsAcceptor::from(Arc::new(config)));
    let tcp = TcpListener::bind(config.listen).await.map_err(|error| {
        AppError::Usage(format!("Không mở được cổng {}: {error}. Hãy chọn cổng khác bằng --listen.", config.listen))
    })?;
    Ok(Bound { tcp, tls, proxies: config.trusted_proxies.clone() })
}

impl Bound {
    /// The address that was bound; differs from the wanted one where that left the port open.
    pub(super) fn address(&self, wanted: SocketAddr) -> SocketAddr {
        self.tcp.local_addr().unwrap_or(wanted)
    }

    /// Serves until `stop` resolves, then lets the answers in hand finish.
    pub(super) async fn serve(self, router: Router, stop: impl Future<Output = ()>) {
        let mut services = router.into_make_service_with_connect_info::<Peer>();
        let (room, hands) = (Arc::new(Room::new(self.proxies)), GracefulShutdown::new());
        let mut stop = pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = self.tcp.accept() => accepted,
                () = &mut stop => break,
            };
            let Ok((stream, peer)) = accepted else {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let Some(seat) = room.seat(peer.ip()) else { continue };
            let Ok(service) = services.call(peer).await;
            let (tls, watcher) = (self.tls.clone(), hands.watcher());
            tokio::spawn(async move {
                converse(stream, tls, TowerToHyperService::new(service), watcher).await;
                drop(seat);
            });
        }
        drop(self.tcp);
        if tokio::time::timeout(DRAIN, hands.shutdown()).await.is_err() {
            tracing::warn!("some answers were still under way after {} s and were cut", DRAIN.as_secs());
        }
    }
}

impl Connected<SocketAddr> for Peer {
    fn connect_info(peer: SocketAddr) -> Self {
        Self(peer)
    }
}

type Answering =
    TowerToHyperService<axum::middleware::AddExtension<Router, axum::extract::connect_info::ConnectInfo<Peer>>>;

/// Holds one connection to its end, its handshake first where there is one.
async fn converse(stream: TcpStream, tls: Option<TlsAcceptor>, service: Answering, watcher: Watcher) {
    // Without it small answers would wait for each other.
    drop(stream.set_nodelay(true));
    match tls {
        None => answer(stream, service, watcher).await,
        Some(acceptor) => {
            if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                answer(stream, service, watcher).await;
            }
        }
    }
}

async fn answer<S>(stream: S, service: Answering, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// How many connections there are, in all and by address.
struct Room {
    held: Mutex<HashMap<IpAddr, usize>>,
    most: usize,
    proxies: Vec<IpAddr>,
}

/// A connection's place, given back when it ends.
struct Seat {
    room: Arc<Room>,
    address: IpAddr,
}

impl Room {
    fn new(proxies: Vec<IpAddr>) -> Self {
        // The soft limit is often 1,024; the hard one is what the system grants.
        let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(1024);
        let most = files.saturating_sub(OTHER_FILES).clamp(CONNECTIONS.0, CONNECTIONS.1);
        Self { held: Mutex::default(), most: usize::try_from(most).unwrap_or(usize::MAX), proxies }
    }

    /// A place for one more connection of an address; none where it, or everyone together, has as many as may be.
    fn seat(self: &Arc<Self>, address: IpAddr) -> Option<Seat> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = held.values().sum();
        let own = held.entry(address).or_default();
        if all >= self.most || *own >= CONNECTIONS_PER_ADDRESS && !self.proxies.contains(&address) {
            return None;
        }
        *own += 1;
        Some(Seat { room: self.clone(), address })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut held = self.room.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = held.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                held.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_leaves_room_for_others_and_gives_back_what_it_held() {
        let proxy = IpAddr::from([10, 0, 0, 1]);
        let room = Arc::new(Room::new(vec![proxy]));
        let greedy = IpAddr::from([203, 0, 113, 7]);
        let mut seats: Vec<_> = (0..CONNECTIONS_PER_ADDRESS).map(|_| room.seat(greedy).expect("room")).collect();
        assert!(room.seat(greedy).is_none());
        assert!(room.seat(IpAddr::from([203, 0, 113, 8])).is_some());
        seats.pop();
        assert!(room.seat(greedy).is_some());
        drop(seats);
        assert!(room.held.lock().expect("no panic").is_empty());
    }
}
