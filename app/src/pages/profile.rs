//! How the reader is called and written to, their address, their plan, and their password.

mod address;
mod password;
pub mod plan;
mod zone;

use crate::api::{OwnProfile, ProfileFault, find_profile, save_profile};
use crate::components::icon::{Icon, Sign};
use crate::components::page_title::PageTitle;
use crate::components::settings_tabs::SettingsTabs;
use crate::components::skeleton::Skeleton;
use crate::erased::Erased;
use crate::i18n::{Locale, td_string};
use crate::language::{self, t_string, use_i18n};
use crate::pages::security;
use crate::wire::Reading;
use address::AddressCard;
use domain::{Language, ProfileError};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use password::PasswordCard;
use plan::PlanCard;
use zone::ZoneField;

#[component]
pub fn ProfilePage() -> impl IntoView {
    let i18n = use_i18n();
    let read = Reading::new_with_options(|| (), |()| find_profile(), false);
    let content = move || {
        Suspend::new(async move {
            match read.await {
                Ok(profile) => view! { <Cards profile/> }.erased(),
                Err(fault) => view! { <Trouble fault/> }.erased(),
            }
        })
    };
    view! {
        <PageTitle text=move || t_string!(i18n, profile.title)/>
        <SettingsTabs/>
        <header class="page-head"><h1>{move || t_string!(i18n, profile.title)}</h1></header>
        <div class="security">
            <Suspense fallback=move || view! { <Skeleton lines=6 label=move || t_string!(i18n, security.loading)/> }.erased()>
                {content}
            </Suspense>
        </div>
    }
    .erased()
}

#[component]
fn Cards(profile: OwnProfile) -> impl IntoView {
    let OwnProfile { email, is_email_verified, name, language, time_zone, zones, sends_mail, plan, used } = profile;
    view! {
        <NameCard name language time_zone zones/>
        <AddressCard email is_email_verified sends_mail/>
        <PlanCard term=plan used/>
        <PasswordCard/>
    }
    .erased()
}

#[component]
fn NameCard(name: String, language: Language, time_zone: Option<String>, zones: Vec<String>) -> impl IntoView {
    let i18n = use_i18n();
    let (name, language, zone) = (RwSignal::new(name), RwSignal::new(language), RwSignal::new(time_zone));
    let answer = RwSignal::new(None::<Result<(), ProfileFault>>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        leptos::task::spawn_local(async move {
            let wanted = zone.get_untracked();
            let saved = save_profile(name.get_untracked(), language.get_untracked(), wanted.clone()).await;
            if saved.is_ok() {
                zone::paint(wanted.as_deref());
            }
            answer.set(Some(saved));
        });
    };
    let option = move |tag: &'static str, name: &'static str| {
        let is_it = language.get_untracked().tag() == tag;
        view! { <option value=tag selected=is_it>{name}</option> }
    };
    let choose = move |event| {
        let is_portuguese = event_target_value(&event) == Language::Portuguese.tag();
        language.set(if is_portuguese { Language::Portuguese } else { Language::English });
    };
    let told = move |answer| match answer {
        Ok(()) => view! { <Done text=|locale| td_string!(locale, profile.saved)/> }.erased(),
        Err(fault) => view! { <Trouble fault/> }.erased(),
    };
    view! {
        <section class="card">
            <form method="post" on:submit=submit>
                <div class="field-grid">
                    <div class="field">
                        <label for="profile-name">{move || t_string!(i18n, profile.name)}</label>
                        <input id="profile-name" type="text" autocomplete="name" maxlength="60" data-testid="profile-name"
                            bind:value=name/>
                    </div>
                    <div class="field">
                        <label for="profile-language">{move || t_string!(i18n, profile.language)}</label>
                        <select id="profile-language" data-testid="profile-language" on:change=choose>
                            {option("en", language::name(Locale::en))}{option("pt-BR", language::name(Locale::pt_BR))}
                        </select>
                    </div>
                </div>
                <ZoneField zone zones/>
                <p class="hint">{move || t_string!(i18n, profile.hint)}</p>
                <div aria-live="polite">{move || answer.get().map(told)}</div>
                <button type="submit" class="button primary" data-testid="profile-save">
                    {move || t_string!(i18n, profile.save)}
                </button>
            </form>
        </section>
    }
    .erased()
}

/// It went well.
#[component]
fn Done(text: fn(Locale) -> &'static str) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="notice notice-good" role="status" data-testid="profile-done">
            <Icon sign=Sign::Check/><p>{move || text(i18n.get_locale())}</p>
        </div>
    }
    .erased()
}

#[component]
fn Trouble(fault: ProfileFault) -> impl IntoView {
    let i18n = use_i18n();
    let text = move || match fault {
        ProfileFault::Who(fault) => security::fault_text(i18n.get_locale(), fault),
        ProfileFault::Invalid(ProfileError::Name) => t_string!(i18n, profile.name_fault),
        ProfileFault::Invalid(ProfileError::TimeZone) => t_string!(i18n, profile.zone_fault),
    };
    view! {
        <div class="notice notice-bad" role="alert" data-testid="profile-fault"><Icon sign=Sign::Alert/><p>{text}</p></div>
    }
    .erased()
}
