//! HTTP: pages for people, the API for programs. All routes stand on this page, grouped by who calls them.

mod api;
mod assets;
mod cache;
mod error;
mod forms;
mod links;
mod messages;
mod multipart;
mod pages;
mod receipt;
mod security;
mod session;
mod sitemap;
mod state;
mod visit;

pub use links::{first_administrator, identity_return, one_time_code, plain_material, request, staff_material};
pub use state::{Config, Limit, Peer};

use crate::actions::Context;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, head, options, post, put};
use state::AppState;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;

/// The longest form that is taken, in bytes.
const MAX_BODY_BYTES: usize = 64 << 10;
/// The same where all the text of a page is sent: each of its letters may take nine bytes.
const MAX_TEXT_BODY_BYTES: usize = 512 << 10;

/// Every route of the service.
pub fn router(context: Context, config: Config) -> Router {
    let state = AppState::new(context, config);
    // The innermost layer comes first.
    Router::new()
        .merge(visitors())
        .merge(programs(&state))
        .layer(from_fn(cache::revalidate))
        .merge(complainants())
        .merge(learners())
        .merge(members())
        .merge(managers())
        .merge(administrators())
        .merge(staff())
        .merge(planners())
        .layer(from_fn_with_state(state.clone(), security::rate_limit))
        .merge(originals())
        .merge(machines())
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(from_fn_with_state(state.clone(), security::time_limit))
        .layer(RequestBodyLimitLayer::new(MAX_BODY_BYTES))
        .merge(writers(&state))
        .merge(phones(&state))
        .merge(senders(&state))
        .merge(loads())
        .layer(security::same_site(&state))
        .layer(from_fn(security::explain_cross_site))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(from_fn(error::face_refusals))
        .layer(from_fn_with_state(state.clone(), security::headers))
        .layer(CompressionLayer::new())
        .with_state(state)
}

/// Pages for everyone.
fn visitors() -> Router<AppState> {
    Router::new()
        .route("/", get(pages::home::show))
        .route("/tim", get(pages::search::show))
        .route("/tim.atom", get(pages::feeds::search))
        .route("/hoc-lieu", get(pages::materials::newest))
        .route("/hoc-lieu/{id}", get(pages::materials::show_plain))
        .route("/hoc-lieu/{id}/in", get(pages::printouts::show))
        .route("/hoc-lieu/{id}/{slug}", get(pages::materials::show))
        .route("/hoc-lieu/{id}/ban/{number}", get(pages::materials::show_old))
        .route("/phu-de/{name}", get(api::files::captions))
        .route("/chu-de", get(pages::topics::list))
        .route("/chu-de/{id}", get(pages::topics::show))
        .route("/co-quan", get(pages::organisations::list))
        .route("/co-quan/{id}", get(pages::organisations::show))
        .route("/dia-ban", get(pages::areas::list))
        .route("/dia-ban/{id}", get(pages::areas::show))
        .route("/chung-nhan", get(pages::attendance::certificates::ask))
        .route("/chung-nhan/{code}", get(pages::attendance::certificates::verify))
        .route(links::PHONE, get(pages::attendance::phone::show))
        .route("/diem-danh/tho.js", get(pages::attendance::phone::worker))
        .route("/diem-danh/ung-dung.webmanifest", get(pages::attendance::phone::manifest))
        .route("/lop-hoc", get(pages::classes::list::show))
        .route("/lop-hoc/{id}", get(pages::classes::one::show))
        .route("/lop-hoc/{id}/ap-phich", get(pages::classes::poster::show))
        .route("/lop-hoc/{id}/ap-phich/{name}", get(pages::classes::poster::pdf))
        .route("/lop-hoc/{id}/doc-loa", get(pages::classes::poster::announce))
        .route(links::PROVINCE_CALENDAR, get(pages::classes::feed::province))
        .route("/lich/{kind}/{name}", get(pages::classes::feed::show))
        .route("/loai", get(pages::topics::kinds))
        .route("/giay-phep", get(pages::licences::show))
        .route("/gioi-thieu", get(pages::about::about))
        .route("/rieng-tu", get(pages::about::privacy))
        .route("/tiep-can", get(pages::about::accessibility))
        .route("/lien-he", get(pages::about::contact))
        .route("/tuy-chon", get(pages::settings::show).post(pages::settings::save))
        .route("/api", get(pages::about::api))
        .route(links::SITEMAP, get(sitemap::show))
}

/// Whoever says that a material is not right: without an account, and kept by nobody on the way.
fn complainants() -> Router<AppState> {
    use pages::complaints::send;
    Router::new()
        .route("/hoc-lieu/{id}/phan-anh", get(send::ask).post(send::send))
        .route("/phan-anh", get(send::find).post(send::follow))
        .layer(from_fn(session::no_store))
}

/// Whoever registers for a class, without an account, and staff who see who learns.
fn learners() -> Router<AppState> {
    use pages::registrations::{learner, own, roll};
    Router::new()
        .route("/lop-hoc/{id}/dang-ky", get(own::ask).post(own::send))
        .route(links::OWN, get(own::find).post(own::follow))
        .route("/quan-ly/lop/{id}/hoc-vien", get(roll::show).post(roll::write))
        .route("/quan-ly/lop/{id}/hoc-vien/{registration}", post(roll::act))
        .route("/quan-ly/lop/{id}/hoc-vien/{registration}/phieu", get(roll::slip))
        .route("/quan-ly/hoc-vien/{id}", get(learner::show).post(learner::act))
        .route("/quan-ly/hoc-vien/{id}/du-lieu.json", get(learner::export))
        .layer(from_fn(session::no_store))
}

/// Signing in, and one's own account.
fn members() -> Router<AppState> {
    use pages::accounts::{codes, external, profile, second_factor, sign_in, tokens};
    Router::new()
        .route("/dang-nhap", get(sign_in::show).post(sign_in::enter))
        .route("/dang-nhap/buoc-hai", get(sign_in::show_second).post(sign_in::enter_second))
        .route("/dang-nhap/danh-tinh", get(external::begin))
        .route("/dang-nhap/danh-tinh/ve", get(external::finish))
        .route("/dang-xuat", post(sign_in::leave))
        .route("/bat-dau", get(codes::ask_first).post(codes::make_first))
        .route("/mo-tai-khoan", get(codes::ask).post(codes::typed))
        .route("/mo-tai-khoan/{code}", get(codes::open).post(codes::redeem))
        .route("/tai-khoan", get(profile::show).post(profile::update))
        .route("/tai-khoan/mat-khau", post(profile::change_password))
        .route("/tai-khoan/phien/ket-thuc", post(profile::end_other_sessions))
        .route("/tai-khoan/phien/{id}/ket-thuc", post(profile::end_session))
        .route("/tai-khoan/buoc-hai", get(second_factor::show).post(second_factor::switch_on))
        .route("/tai-khoan/buoc-hai/tat", post(second_factor::switch_off))
        .route("/tai-khoan/ma-du-phong", post(second_factor::renew_codes))
        .route("/tai-khoan/ma-truy-cap", post(tokens::make))
        .route("/tai-khoan/ma-truy-cap/{id}/thu-hoi", post(tokens::take_back))
        .route("/tai-khoan/du-lieu.json", get(profile::personal_data))
        .layer(from_fn(session::no_store))
}

/// The accounts of others, the audit trail, complaints, statistics.
fn managers() -> Router<AppState> {
    use pages::accounts::{audit, list, manage};
    use pages::complaints::answer;
    use pages::{batches, statistics};
    Router::new()
        .route("/quan-ly/tai-khoan", get(list::show))
        .route("/quan-ly/tai-khoan/moi", get(list::ask).post(list::make))
        .route("/quan-ly/tai-khoan/{id}", get(manage::show).post(manage::update))
        .route("/quan-ly/tai-khoan/{id}/vai-tro", post(manage::give_role))
        .route("/quan-ly/tai-khoan/{id}/vai-tro/thu-hoi", post(manage::take_role))
        .route("/quan-ly/tai-khoan/{id}/trang-thai", post(manage::set_state))
        .route("/quan-ly/tai-khoan/{id}/lien-ket", post(manage::give_link))
        .route("/quan-ly/tai-khoan/{id}/buoc-hai/tat", post(manage::take_second_factor))
        .route("/quan-ly/tai-khoan/{id}/xoa", post(manage::erase))
        .route("/quan-ly/tai-khoan/{id}/du-lieu.json", get(manage::personal_data_of))
        .route("/quan-ly/nhat-ky", get(audit::show))
        .route("/quan-ly/tai-len", get(pages::uploads::show))
        .route("/quan-ly/tai-len/lien-ket", post(pages::uploads::begin_elsewhere))
        .route("/quan-ly/nhap-hang-loat/mau.xlsx", get(batches::template_xlsx))
        .route("/quan-ly/nhap-hang-loat/mau.csv", get(batches::template_csv))
        .route("/quan-ly/nhap-hang-loat/{id}", get(batches::show))
        .route("/quan-ly/nhap-hang-loat/{id}/dong-y", post(batches::confirm))
        .route("/quan-ly/nhap-hang-loat/{id}/bo", post(batches::cancel))
        .route("/quan-ly/nhap-hang-loat/{id}/bao-cao.csv", get(batches::report))
        .route("/quan-ly/so-lieu", get(statistics::list))
        .route("/quan-ly/co-quan/{id}/so-lieu", get(statistics::show))
        .route("/quan-ly/co-quan/{id}/so-lieu.xlsx", get(statistics::workbook))
        .route("/quan-ly/co-quan/{id}/so-lieu.csv", get(statistics::csv))
        .route("/quan-ly/phan-anh", get(answer::list))
        .route("/quan-ly/phan-anh/{id}", get(answer::show).post(answer::answer))
        .layer(from_fn(session::no_store))
}

/// The catalogue of the province.
fn administrators() -> Router<AppState> {
    use pages::administration::{
        area_changes, areas, explain, grounds, hub, limits, organisation_changes, organisations, queues, synonyms,
        take_back, topics,
    };
    Router::new()
        .route("/quan-ly/tinh", get(hub))
        .route("/quan-ly/co-quan", get(organisations::list))
        .route("/quan-ly/co-quan/moi", get(organisations::ask).post(organisations::make))
        .route("/quan-ly/co-quan/{id}", get(organisations::show).post(organisations::update))
        .route(
            "/quan-ly/co-quan/{id}/thay-doi/{kind}",
            get(organisation_changes::ask).post(organisation_changes::enter),
        )
        .route("/quan-ly/co-quan/{id}/can-cu", post(grounds::of_organisation))
        .route("/quan-ly/dia-ban/{id}/can-cu", post(grounds::of_area))
        .route("/quan-ly/chu-de", get(topics::list))
        .route("/quan-ly/chu-de/moi", get(topics::ask).post(topics::make))
        .route("/quan-ly/chu-de/{id}", get(topics::show).post(topics::update))
        .route("/quan-ly/chu-de/{id}/chuyen", post(topics::shift))
        .route("/quan-ly/chu-de/{id}/gop", post(topics::merge))
        .route("/quan-ly/dia-ban", get(areas::list))
        .route("/quan-ly/dia-ban/moi", get(areas::ask).post(areas::make))
        .route("/quan-ly/dia-ban/{id}", get(areas::show).post(areas::update))
        .route("/quan-ly/dia-ban/{id}/thay-doi/{kind}", get(area_changes::ask).post(area_changes::enter))
        .route("/quan-ly/thay-doi/{id}/huy", post(take_back))
        .route("/quan-ly/tu-dong-nghia", get(synonyms::list).post(synonyms::enter))
        .route("/quan-ly/tu-dong-nghia/{id}/bo", post(synonyms::remove))
        .route("/quan-ly/hang-doi", get(queues::show))
        .route("/quan-ly/hang-doi/{id}/lam-lai", post(queues::retry))
        .route("/quan-ly/hang-doi/{id}/bo", post(queues::give_up))
        .route("/quan-ly/gioi-han", get(limits::show))
        .route("/quan-ly/giay-phep", get(pages::licences::manage))
        .route("/quan-ly/vi-sao", get(explain::show))
        .layer(from_fn(session::no_store))
}

/// What brings more than a form holds, for as long as it takes; what takes it in counts the bytes.
fn loads() -> Router<AppState> {
    Router::new()
        .route("/quan-ly/nhap-hang-loat", get(pages::batches::start).post(pages::batches::receive))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(session::no_store))
}

/// Materials on their way to the public.
fn staff() -> Router<AppState> {
    use pages::review::{access, edit, files, history, home, list};
    Router::new()
        .route("/quan-ly", get(home::show))
        .route("/quan-ly/hoc-lieu", get(list::show))
        .route("/quan-ly/hoc-lieu/{id}", get(edit::show).post(edit::save))
        .route("/quan-ly/hoc-lieu/{id}/y-kien", post(edit::remark))
        .route("/quan-ly/hoc-lieu/{id}/da-xem", post(edit::note))
        .route("/quan-ly/hoc-lieu/{id}/ban/{number}", get(history::preview).post(history::keep_readable))
        .route("/quan-ly/hoc-lieu/{id}/cac-ban", get(history::versions))
        .route("/quan-ly/hoc-lieu/{id}/so-sanh", get(history::compare))
        .route("/quan-ly/hoc-lieu/{id}/giong/{other}", get(history::beside))
        .route("/quan-ly/hoc-lieu/{id}/tep/{file}/bo", post(files::take_away))
        .route("/quan-ly/hoc-lieu/{id}/ai-xem", get(access::show))
        .layer(from_fn(session::no_store))
}

/// Whoever plans classes.
fn planners() -> Router<AppState> {
    use pages::attendance::{certificates, grid, headcount, sheet};
    use pages::classes::requests::{ask as request_ask, list as request_list, one as request_one};
    use pages::classes::{courses, edit, figures, meeting, plan, speakers, staff, storms, venues};
    Router::new()
        .route("/quan-ly/lop", get(staff::list))
        .route("/quan-ly/lop/moi", get(edit::ask).post(edit::make))
        .route("/quan-ly/lop/so-lieu", get(figures::show))
        .route("/quan-ly/lop/{id}", get(staff::show).post(staff::act))
        .route("/quan-ly/lop/{id}/sua", get(edit::show).post(edit::save))
        .route("/quan-ly/lop/{id}/lich", get(plan::ask).post(plan::enter))
        .route("/quan-ly/lop/{id}/diem-danh", get(grid::show).post(grid::save))
        .route("/quan-ly/lop/{id}/chung-nhan", get(certificates::list).post(certificates::act))
        .route("/quan-ly/lop/{id}/chung-nhan.pdf", get(certificates::pdf))
        .route("/quan-ly/lop/{id}/so-nguoi", get(headcount::show).post(headcount::save))
        .route("/quan-ly/lop/{id}/buoi/{meeting}/phieu", get(sheet::show))
        .route("/quan-ly/lop/{id}/buoi/{meeting}/phieu.pdf", get(sheet::pdf))
        .route("/quan-ly/lop/{id}/buoi/moi", get(meeting::ask_new).post(meeting::add))
        .route("/quan-ly/lop/{id}/buoi/{meeting}", get(meeting::ask).post(meeting::change))
        .route("/quan-ly/dia-diem", get(venues::list))
        .route("/quan-ly/dia-diem/moi", get(venues::ask).post(venues::make))
        .route("/quan-ly/dia-diem/{id}", get(venues::show).post(venues::save))
        .route("/quan-ly/dia-diem/{id}/ban", post(venues::block))
        .route("/quan-ly/dia-diem/{id}/ban/{block}/bo", post(venues::unblock))
        .route("/quan-ly/chuyen-de", get(courses::list))
        .route("/quan-ly/chuyen-de/moi", get(courses::ask).post(courses::make))
        .route("/quan-ly/chuyen-de/{id}", get(courses::show).post(courses::save))
        .route("/quan-ly/bao-cao-vien", get(speakers::list))
        .route("/quan-ly/bao-cao-vien/moi", get(speakers::ask).post(speakers::make))
        .route("/quan-ly/bao-cao-vien/{id}", get(speakers::show).post(speakers::save))
        .route("/quan-ly/bao-cao-vien/{id}/lich", post(speakers::set_calendar))
        .route("/quan-ly/ngay-bao", get(storms::ask).post(storms::enter))
        .route("/quan-ly/ngay-bao/{id}", get(storms::show))
        .route("/quan-ly/ngay-bao/{id}/hoan-tac", post(storms::undo))
        .route("/quan-ly/ngay-bao/{id}/thong-bao", get(storms::notice))
        .route("/quan-ly/loi-moi", get(request_list::show))
        .route("/quan-ly/loi-moi/moi", get(request_ask::ask).post(request_ask::send))
        .route("/quan-ly/loi-moi/{id}", get(request_one::show).post(request_one::answer))
        .layer(from_fn(session::no_store))
}

/// Staff who write long texts and lists.
fn writers(state: &AppState) -> Router<AppState> {
    use pages::registrations::many;
    use pages::text_pages;
    Router::new()
        .route("/quan-ly/lop/{id}/hoc-vien/nhieu", get(many::ask).post(many::send))
        .route("/quan-ly/hoc-lieu/{id}/trang/{number}", get(text_pages::show).post(text_pages::correct))
        .route("/quan-ly/hoc-lieu/{id}/trang/{number}/anh", get(api::files::page_image_at_work))
        .layer(from_fn(session::no_store))
        .layer(from_fn_with_state(state.clone(), security::rate_limit))
        .layer(from_fn_with_state(state.clone(), security::time_limit))
        .layer(RequestBodyLimitLayer::new(MAX_TEXT_BODY_BYTES))
}

/// Phones of staff that bring what they kept while they were offline.
fn phones(state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/api/v1/classes/{id}/attendance", get(api::attendance::show).post(api::attendance::take))
        .layer(from_fn(session::no_store))
        .layer(from_fn_with_state(state.clone(), security::rate_limit))
        .layer(from_fn_with_state(state.clone(), security::time_limit))
        .layer(RequestBodyLimitLayer::new(MAX_TEXT_BODY_BYTES))
}

/// The API.
fn programs(state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/api/v1/search", get(api::search::search))
        .route("/api/v1/suggest", get(api::suggest::suggest))
        .route("/api/v1/materials", get(api::materials::list))
        .route("/api/v1/materials/{id}", get(api::materials::show))
        .route("/api/v1/materials/{id}/pages/{number}", get(api::materials::page))
        .route("/api/v1/topics", get(api::catalogue::topics))
        .route("/api/v1/organisations", get(api::catalogue::organisations))
        .route("/api/v1/areas", get(api::catalogue::areas))
        .route("/api/v1/classes", get(api::classes::list))
        .route("/api/v1/classes/{id}", get(api::classes::show))
        .route("/api/v1/classes/{id}/registrations", post(api::registrations::register).get(api::unknown))
        .route(
            "/api/v1/registrations/{code}",
            get(api::registrations::show).delete(api::registrations::cancel).post(api::unknown),
        )
        .route("/api/v1/openapi.json", get(api::openapi::document))
        .route("/api/v1/account", get(api::accounts::show))
        .route("/api/{*rest}", get(api::unknown).post(api::unknown))
        .layer(from_fn_with_state(state.clone(), session::bearer))
}

/// Files as they were uploaded and pictures of their pages: streamed, never kept in memory.
fn originals() -> Router<AppState> {
    Router::new()
        .route("/tep/{id}/{name}", get(api::files::original))
        .route("/api/v1/files/{id}", get(api::files::original_by_id))
        .route("/anh-trang/{id}/{number}", get(api::files::page_image))
        .route("/api/v1/materials/{id}/pages/{number}/image", get(api::files::page_image_by_id))
}

/// Whoever sends files: bodies are long, slow and read piece by piece.
fn senders(state: &AppState) -> Router<AppState> {
    use api::{tus, uploads};
    let in_pieces = Router::new()
        .route("/quan-ly/tai-len/tus", options(tus::options).post(tus::create))
        .route(
            "/quan-ly/tai-len/tus/{id}",
            head(tus::show).get(tus::result).patch(tus::append).delete(tus::end).options(tus::options),
        )
        .layer(from_fn(tus::speak));
    let programs = Router::new()
        .route("/api/v1/materials", post(uploads::create))
        .route("/api/v1/materials/{id}/file", put(uploads::replace).get(api::unknown))
        .layer(from_fn_with_state(state.clone(), session::bearer))
        .layer(from_fn_with_state(state.clone(), security::rate_limit));
    let files = get(pages::review::files::show).post(pages::review::files::add);
    let people = Router::new()
        .route("/quan-ly/tai-len", post(pages::uploads::send))
        .route("/quan-ly/hoc-lieu/{id}/tep", files)
        .layer(from_fn(session::no_store));
    in_pieces.merge(programs).merge(people).layer(DefaultBodyLimit::disable())
}

/// What browsers, crawlers and supervisors ask for.
fn machines() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(state::health))
        .route("/readyz", get(state::readiness))
        .route("/robots.txt", get(assets::robots))
        .route("/favicon.ico", get(assets::icon))
        .route("/tai-san/{name}", get(assets::asset))
}
