//! Signing in at another's identity provider (OpenID Connect): discovery, code flow with PKCE, tokens that are checked.

use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, TokenResponse,
};
use std::sync::Arc;
use std::time::Duration;

/// How long the provider may take for one answer.
const PATIENCE: Duration = Duration::from_secs(8);
/// The longest answer of the provider that is read, in bytes.
const MAX_ANSWER_BYTES: u64 = 1 << 20;

/// How the provider is reached, and as whom.
#[derive(Clone)]
pub struct Settings {
    /// The address under which it describes itself.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<String>,
    /// Where it sends people back to.
    pub redirect: String,
}

/// An identity provider; cheap to clone.
#[derive(Clone)]
pub struct Provider {
    settings: Arc<Settings>,
    agent: ureq::Agent,
}

/// What is needed to send a person to the provider and to know them again when they come back.
pub struct Started {
    /// Where the person goes.
    pub address: String,
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

/// A person as the provider knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    /// Names the person at the provider for good.
    pub subject: String,
    /// Only one that the provider has verified.
    pub email: Option<String>,
}

/// Says why a person could not be known.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The provider does not answer, or not as it should.
    #[error("identity provider: {0}")]
    Provider(String),
    /// What came back is no proof.
    #[error("identity refused: {0}")]
    Refused(String),
    /// The program is ending.
    #[error("stopped")]
    Stopped,
}

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

fn provider_error(error: impl std::error::Error) -> IdentityError {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    IdentityError::Provider(text)
}

fn refused(error: impl std::error::Error) -> IdentityError {
    IdentityError::Refused(error.to_string())
}

impl Provider {
    /// A provider that is asked when someone signs in; nothing is sent before.
    pub fn new(settings: Settings) -> Self {
        // Following redirections would let an address in the provider's answers lead anywhere.
        let config = ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false);
        let agent = config.timeout_global(Some(PATIENCE)).build().into();
        Self { settings: Arc::new(settings), agent }
    }

    /// Begins: asks the provider for its addresses.
    ///
    /// # Errors
    /// When the provider does not answer as it should.
    pub async fn begin(&self) -> Result<Started, IdentityError> {
        let provider = self.clone();
        tokio::task::spawn_blocking(move || provider.begin_blocking()).await.map_err(|_ended| IdentityError::Stopped)?
    }

    /// Ends: changes the code that the person brought for proofs, and checks them.
    ///
    /// # Errors
    /// When the provider does not answer as it should, or the proofs are none.
    pub async fn finish(&self, code: String, nonce: String, verifier: String) -> Result<Identity, IdentityError> {
        let provider = self.clone();
        let finish = move || provider.finish_blocking(code, nonce, verifier);
        tokio::task::spawn_blocking(finish).await.map_err(|_ended| IdentityError::Stopped)?
    }

    fn call(&self, request: HttpRequest) -> Result<HttpResponse, std::io::Error> {
        let mut response = self.agent.run(request).map_err(std::io::Error::other)?;
        let body = response.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec();
        let body = body.map_err(std::io::Error::other)?;
        let (parts, _) = response.into_parts();
        Ok(HttpResponse::from_parts(parts, body))
    }

    fn client(&self) -> Result<Client, IdentityError> {
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(provider_error)?;
        let call = |request: HttpRequest| self.call(request);
        let described = CoreProviderMetadata::discover(&issuer, &call).map_err(provider_error)?;
        let secret = self.settings.client_secret.clone().map(ClientSecret::new);
        let redirect = RedirectUrl::new(self.settings.redirect.clone()).map_err(provider_error)?;
        let id = ClientId::new(self.settings.client_id.clone());
        Ok(CoreClient::from_provider_metadata(described, id, secret).set_redirect_uri(redirect))
    }

    fn begin_blocking(&self) -> Result<Started, IdentityError> {
        let client = self.client()?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let (address, state, nonce) = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        Ok(Started {
            address: address.to_string(),
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
        })
    }

    fn finish_blocking(&self, code: String, nonce: String, verifier: String) -> Result<Identity, IdentityError> {
        let client = self.client()?;
        let call = |request: HttpRequest| self.call(request);
        let proofs = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(provider_error)?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request(&call)
            .map_err(refused)?;
        let id_token = proofs.id_token().ok_or_else(|| IdentityError::Refused("no id token".to_owned()))?;
        let checker = client.id_token_verifier();
        let claims = id_token.claims(&checker, &Nonce::new(nonce)).map_err(refused)?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = id_token.signing_alg().map_err(refused)?;
            let key = id_token.signing_key(&checker).map_err(refused)?;
            let actual = AccessTokenHash::from_token(proofs.access_token(), algorithm, key).map_err(refused)?;
            if actual != *expected {
                return Err(IdentityError::Refused("the access token is another's".to_owned()));
            }
        }
        let mut email = claims.email().filter(|_| claims.email_verified() == Some(true)).cloned();
        // Most providers tell the address only when asked for it.
        if email.is_none()
            && let Ok(request) = client.user_info(proofs.access_token().clone(), Some(claims.subject().clone()))
        {
            let told: CoreUserInfoClaims = request.request(&call).map_err(provider_error)?;
            email = told.email().filter(|_| told.email_verified() == Some(true)).cloned();
        }
        Ok(Identity {
            issuer: self.settings.issuer.clone(),
            subject: claims.subject().to_string(),
            email: email.map(|email| email.to_string()),
        })
    }
}
