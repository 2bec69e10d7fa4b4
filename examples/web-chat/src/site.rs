//! The HTTP routes of the page.

use axum::{
    Router,
    http::{
        HeaderMap, HeaderValue,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
            X_CONTENT_TYPE_OPTIONS,
        },
    },
    middleware::map_response,
    response::Response,
    routing::{MethodRouter, get},
};
use bytes::Bytes;

use crate::page::BuiltPage;

/// Returns the routes of the page's files and of a health check.
pub(crate) fn router(page: BuiltPage) -> Router {
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    let text = |text: &'static str| Bytes::from_static(text.as_bytes());
    Router::new()
        .route("/", file("text/html; charset=utf-8", text(include_str!("../page/index.html"))))
        .route(
            "/style.css",
            file("text/css; charset=utf-8", text(include_str!("../page/style.css"))),
        )
        .route("/icon.svg", file("image/svg+xml", text(include_str!("../page/icon.svg"))))
        .route("/start.js", file(SCRIPT, text(include_str!("../page/start.js"))))
        .route("/page.js", file(SCRIPT, page.script))
        .route("/page_bg.wasm", file("application/wasm", page.module))
        .route("/health", get("ok"))
        .layer(map_response(add_headers))
}

fn file(kind: &'static str, content: Bytes) -> MethodRouter {
    get(async move || ([(CONTENT_TYPE, kind)], content))
}

/// Adds headers: the page loads only files of this server and runs no inline scripts. The browser
/// revalidates its cache at each visit.
async fn add_headers(mut response: Response) -> Response {
    const HEADERS: [(axum::http::HeaderName, &str); 4] = [
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
             connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-cache"),
    ];
    let headers: &mut HeaderMap = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
