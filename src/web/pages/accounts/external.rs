//! The way to another's identity provider and back.

use super::sign_in::{back, enter_with, refuse};
use super::{Answer, go};
use crate::actions::ActionError;
use crate::actions::accounts::external::{self, Returned};
use crate::actions::accounts::sign_in::Origin;
use crate::web::error::Problem;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::session::{From, Reader, errand, with_errand};
use crate::web::state::AppState;
use axum::extract::State;
use axum::http::HeaderMap;

pub(in crate::web) async fn begin(State(state): State<AppState>, parameters: Parameters, reader: Reader) -> Answer {
    let to = back(parameters.first("ve").unwrap_or_default()).to_owned();
    match external::begin(&state.context).await {
        Ok(started) => {
            let remembered = [&started.state, &started.nonce, &started.verifier, &links::encode(&to)];
            let remembered = remembered.map(String::as_str).join(SEPARATOR);
            Ok(with_errand(&state, Some(&remembered), go(&started.address)))
        }
        Err(error) => refuse(&state, reader, error.into(), &to),
    }
}

/// Between the parts that are remembered; none of them contains it.
const SEPARATOR: &str = "!";

/// What was remembered when the person left.
struct Errand {
    state: String,
    nonce: String,
    verifier: String,
    to: String,
}

impl Errand {
    fn read(text: &str) -> Option<Self> {
        let parts: Vec<String> = text.split(SEPARATOR).map(str::to_owned).collect();
        let [state, nonce, verifier, to] = parts.try_into().ok()?;
        Some(Self { state, nonce, verifier, to: crate::web::forms::percent_decode(&to) })
    }
}

pub(in crate::web) async fn finish(
    State(state): State<AppState>,
    parameters: Parameters,
    reader: Reader,
    headers: HeaderMap,
    From(origin): From,
) -> Answer {
    let errand = errand(&state, &headers).and_then(|text| Errand::read(&text));
    let to = errand.as_ref().map(|errand| errand.to.clone()).unwrap_or_default();
    let answer = match enter(&state, &parameters, errand, origin).await {
        Ok(entered) => enter_with(&state, &entered, &to),
        Err(problem) => refuse(&state, reader, *problem, &to)?,
    };
    Ok(with_errand(&state, None, answer))
}

async fn enter(
    state: &AppState,
    parameters: &Parameters,
    errand: Option<Errand>,
    origin: Origin,
) -> Result<crate::actions::accounts::sign_in::SignIn, Box<Problem>> {
    let given = |name: &str| parameters.first(name).unwrap_or_default();
    // Only the browser that left may come back, and only from where it was sent.
    let errand = errand.filter(|errand| errand.state == given("state") && !given("code").is_empty());
    let errand = errand.ok_or_else(|| Box::new(Problem::of("identity-refused")))?;
    let returned = Returned { code: given("code").to_owned(), nonce: errand.nonce, verifier: errand.verifier };
    external::finish(&state.context, returned, origin).await.map_err(|error: ActionError| Box::new(error.into()))
}
