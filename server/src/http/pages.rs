//! The interface: rendered pages, their server functions, and the files of the built site.

use super::headers::{PublicFile, page_policy};
use app::DesignShown;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path as UrlPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use leptos::nonce::use_nonce;
use leptos::prelude::{LeptosOptions, expect_context, provide_context};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list_with_exclusions_and_ssg_and_context,
};
use service::Services;
use std::path::Path;
use std::sync::OnceLock;
use tower::ServiceExt;
use tower_http::services::ServeDir;

/// The site as it was built: its folder, and whether its files carry hashes in their names.
#[derive(Clone, Debug)]
pub struct Site {
    options: LeptosOptions,
}

impl Site {
    /// A site in `folder`. The list of hashes lies beside the program, where the build leaves it, or in the folder.
    pub fn at(folder: &Path) -> Site {
        let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("hash.txt")));
        let inside = std::path::absolute(folder).ok().map(|folder| folder.join("hash.txt"));
        let hashes = inside.into_iter().chain(beside).find(|path| path.is_file());
        let mut options = LeptosOptions::builder()
            .output_name("axisor")
            .site_root(folder.to_string_lossy().as_ref())
            .site_pkg_dir("pkg")
            .hash_files(hashes.is_some())
            .build();
        if let Some(path) = hashes {
            options.hash_file = path.to_string_lossy().into();
        }
        Site { options }
    }

    pub fn has_hashed_files(&self) -> bool {
        self.options.hash_files
    }
}

/// The paths of all pages. They are listed once in a process: while Leptos lists them, a page that is being rendered
/// would wait for its values for ever.
fn paths(context: impl Fn() + Clone + Send + Sync + 'static) -> Vec<AxumRouteListing> {
    static PATHS: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
    let list = || generate_route_list_with_exclusions_and_ssg_and_context(app::App, None, context).0;
    PATHS.get_or_init(list).clone()
}

/// Every page, every server function, and the site's files.
pub fn routes(site: Site, services: Services, design: DesignShown) -> Router {
    let Site { options } = site;
    let context = move || {
        provide_context(services.clone());
        provide_context(design);
        allow_own_scripts();
    };
    let pages = paths(context.clone());
    let shell = {
        let options = options.clone();
        move || app::shell(options.clone())
    };
    let not_found = leptos_axum::render_app_to_stream_with_context(context.clone(), shell.clone());
    Router::new()
        .route("/palette/{language}", get(palette))
        .leptos_routes_with_context(&options, pages, context, shell)
        .fallback(move |State(options): State<LeptosOptions>, request: Request| {
            let not_found = not_found.clone();
            async move {
                match file(&options, request.method(), request.uri(), request.headers()).await {
                    Some(file) => file,
                    None => as_not_found(not_found(request).await.into_response()),
                }
            }
        })
        .with_state(options)
}

/// What the keyboard's palette offers in a language.
async fn palette(UrlPath(language): UrlPath<String>) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    app::palette(&language).map_or(StatusCode::NOT_FOUND.into_response(), |palette| (json, palette).into_response())
}

/// A file of the site, precompressed where the browser takes it; `None` where there is none of that name.
async fn file(options: &LeptosOptions, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    let mut wanted = Request::builder().method(method).uri(uri).body(Body::empty()).ok()?;
    *wanted.headers_mut() = headers.clone();
    let files = ServeDir::new(&*options.site_root)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let Ok(mut response) = files.oneshot(wanted).await;
    match response.status() {
        StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED => {
            response.extensions_mut().insert(PublicFile);
            Some(response.into_response())
        }
        _ => None,
    }
}

/// The page says that there is no such page; the status says it, too.
fn as_not_found(mut response: Response) -> Response {
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// Lets the page run the inline scripts that were rendered with it, and no others.
fn allow_own_scripts() {
    let Some(nonce) = use_nonce() else { return };
    let Ok(policy) = page_policy(&nonce).parse() else { return };
    expect_context::<ResponseOptions>().insert_header(header::CONTENT_SECURITY_POLICY, policy);
}
