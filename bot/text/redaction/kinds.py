"""
Credentials that can be recognized by their shape alone: a table of known kinds.

Each kind has a `mark`, a literal that is in every credential of the kind, and a pattern for what
surrounds the mark. Patterns are as exact as their source allows, because a function may be called
`shop-sk-checkout-prod`. The table is data: to add a kind, add a row with its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

Span = tuple[int, int]

GITLEAKS = "gitleaks, config/gitleaks.toml at commit 009e025; read 2026-11-29"
BETTERLEAKS = "Betterleaks' default rules, as in pybetterleaks 0.6.2; read 2026-11-29"
DETECT_SECRETS = "detect-secrets 1.5.0, plugins; read 2026-11-29"
AWS = (
    "AWS IAM User Guide, unique identifiers, and AWS's prefixes of STS tokens; from memory, 2026-11"
)
VENDOR = "the vendor's documentation; from memory, 2026-11"
SEEN = "adversarial review of slsdiag 0.1, list of shapes that survived; 2026-11"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of credential."""

    name: str
    mark: str
    after: str
    """Pattern of what follows the mark."""
    source: str
    before: str = ""
    """Pattern of what precedes the mark."""


_W, _A, _H, _U, _L = r"[\w-]", "[A-Za-z0-9]", "[A-Fa-f0-9]", "[A-Z0-9]", "[a-z0-9]"
_B = "[A-Za-z0-9+/=]"

KINDS: tuple[Kind, ...] = (
    # Amazon
    Kind("AWS access key id", "AKIA", f"{_U}{{16}}", AWS),
    Kind("AWS temporary access key id", "ASIA", f"{_U}{{16}}", AWS),
    Kind("AWS bearer token", "ABIA", f"{_U}{{16}}", AWS),
    Kind("AWS context-specific credential", "ACCA", f"{_U}{{16}}", AWS),
    Kind("AWS unique id of a role", "AROA", f"{_U}{{17}}", AWS),
    Kind("AWS unique id of a user", "AIDA", f"{_U}{{17}}", AWS),
    Kind("AWS session token", "IQoJb3JpZ2lu", f"{_B}{{20,}}", AWS),
    Kind("AWS session token, older", "FwoGZXIvYXdz", f"{_B}{{20,}}", AWS),
    Kind("Amazon MWS token", "amzn.mws.", rf"{_H}{{8}}-[A-Fa-f0-9-]{{27}}", GITLEAKS),
    Kind("Amazon Bedrock API key", "ABSK", f"{_B}{{100,}}", BETTERLEAKS),
    Kind("Amazon Bedrock API key, short-lived", "bedrock-api-key-", f"{_B}{{20,}}", BETTERLEAKS),
    # Code and its hosting
    Kind("GitHub personal access token", "ghp_", f"{_A}{{20,}}", GITLEAKS),
    Kind("GitHub OAuth token", "gho_", f"{_A}{{30,}}", GITLEAKS),
    Kind("GitHub user token of an app", "ghu_", f"{_A}{{30,}}", GITLEAKS),
    Kind("GitHub server token of an app", "ghs_", f"{_A}{{30,}}", GITLEAKS),
    Kind("GitHub refresh token", "ghr_", f"{_A}{{30,}}", GITLEAKS),
    Kind("GitHub fine-grained token", "github_pat_", r"\w{20,}", GITLEAKS),
    Kind("GitLab personal access token", "glpat-", r"[\w.-]{18,}", GITLEAKS),
    Kind("GitLab deploy token", "gldt-", f"{_W}{{18,}}", GITLEAKS),
    Kind("GitLab runner token", "glrt-", r"[\w.-]{18,}", GITLEAKS),
    Kind("GitLab trigger token", "glptt-", f"{_W}{{18,}}", GITLEAKS),
    Kind("GitLab job token", "glcbt-", f"{_W}{{18,}}", GITLEAKS),
    Kind("GitLab feed token", "glft-", f"{_W}{{18,}}", GITLEAKS),
    Kind("GitLab mail token", "glimt-", f"{_W}{{18,}}", GITLEAKS),
    Kind("GitLab agent token", "glagent-", f"{_W}{{30,}}", GITLEAKS),
    Kind("GitLab OAuth secret", "gloas-", f"{_W}{{30,}}", GITLEAKS),
    Kind("GitLab SCIM token", "glsoat-", f"{_W}{{18,}}", GITLEAKS),
    Kind("GitLab feature flag token", "glffct-", f"{_W}{{18,}}", GITLEAKS),
    Kind("GitLab runner registration token", "GR1348941", f"{_W}{{18,}}", GITLEAKS),
    Kind("Atlassian API token", "ATATT3", r"[\w=-]{50,}", GITLEAKS),
    Kind("Atlassian CI token", "ATCTT3", r"[\w=-]{50,}", VENDOR),
    Kind("Bitbucket app password", "ATBB", f"{_A}{{28,}}", VENDOR),
    Kind("npm token", "npm_", f"{_A}{{36}}", GITLEAKS),
    Kind("PyPI token", "pypi-", f"AgE{_W}{{20,}}", GITLEAKS),
    Kind("RubyGems key", "rubygems_", f"{_H}{{48}}", GITLEAKS),
    Kind("NuGet key", "oy2", "[a-z0-9]{43}", VENDOR),
    Kind("Clojars token", "CLOJARS_", f"{_A}{{60}}", GITLEAKS),
    Kind("Docker personal access token", "dckr_pat_", f"{_W}{{20,}}", BETTERLEAKS),
    Kind("Docker organization token", "dckr_oat_", f"{_W}{{20,}}", BETTERLEAKS),
    Kind("Sourcegraph token", "sgp_", rf"(?:\w{{5,16}}_)?{_H}{{40}}", GITLEAKS),
    Kind("Artifactory API key", "AKCp", f"{_A}{{60,}}", GITLEAKS),
    Kind("Artifactory reference token", "cmVmd", f"{_A}{{59}}", GITLEAKS),
    # Slack and other messengers
    Kind("Slack token", "xox", r"[a-z](?:-\d{1,2})?-(?=[\w-]*\d)[\w./+%-]{10,}", GITLEAKS),
    Kind("Slack app token", "xapp-", r"\d-[A-Za-z0-9-]{10,}", GITLEAKS),
    Kind("Slack webhook", "hooks.slack.com/", r"(?:services|workflows|triggers)/[\w/+-]{20,}",
         GITLEAKS),
    Kind("Teams webhook", ".webhook.office.com/", r"webhookb?2?/[\w@/-]{40,}", GITLEAKS,
         r"[\w-]{1,60}"),
    Kind("Discord webhook", "/api/webhooks/", r"\d{15,20}/[\w-]{40,}", VENDOR,
         r"discord(?:app)?\.com"),
    Kind("Discord bot token", ".", rf"{_W}{{6}}\.{_W}{{27,40}}", DETECT_SECRETS,
         r"[MNO][\w-]{23,27}"),
    Kind("Telegram bot token", ":AA", f"{_W}{{32,34}}", DETECT_SECRETS, r"(?:bot)?\d{8,10}"),
    # Clouds and infrastructure
    Kind("Google API key", "AIza", f"{_W}{{35}}", GITLEAKS),
    Kind("Google OAuth client secret", "GOCSPX-", f"{_W}{{20,}}", SEEN),
    Kind("Google OAuth access token", "ya29.", f"{_W}{{20,}}", VENDOR),
    Kind("Google OAuth refresh token", "1//0", f"{_W}{{30,}}", SEEN),
    Kind("Azure AD client secret", "Q~", r"[\w.~-]{31,34}", GITLEAKS, r"[\w.~]{3}\d"),
    Kind("Azure storage key", "==", "", DETECT_SECRETS, r"[A-Za-z0-9+/]{86}"),
    Kind("Alibaba access key id", "LTAI", f"{_A}{{17,21}}", BETTERLEAKS),
    Kind("DigitalOcean personal token", "dop_v1_", f"{_H}{{64}}", GITLEAKS),
    Kind("DigitalOcean OAuth token", "doo_v1_", f"{_H}{{64}}", GITLEAKS),
    Kind("DigitalOcean refresh token", "dor_v1_", f"{_H}{{64}}", GITLEAKS),
    Kind("Heroku key", "HRKU-", f"{_W}{{30,}}", GITLEAKS),
    Kind("Fly.io token", "FlyV1 ", r"fm\d_[\w+/=,-]{30,}", GITLEAKS),
    Kind("Fly.io macaroon", "fm2_", r"[\w+/=,-]{60,}", GITLEAKS),
    Kind("Cloudflare origin CA key", "v1.0-", f"{_H}{{24}}-{_H}{{140,}}", GITLEAKS),
    Kind("Terraform Cloud token", ".atlasv1.", r"[\w=-]{60,70}", GITLEAKS, f"{_A}{{14}}"),
    Kind("Pulumi token", "pul-", f"{_H}{{40}}", GITLEAKS),
    Kind("HashiCorp Vault service token", "hvs.", f"{_W}{{20,}}", GITLEAKS),
    Kind("HashiCorp Vault batch token", "hvb.", f"{_W}{{20,}}", GITLEAKS),
    Kind("HashiCorp Vault recovery token", "hvr.", f"{_W}{{20,}}", VENDOR),
    Kind("Doppler token", "dp.", r"(?:pt|st|sa|ct|scim|audit)\.[\w.-]{30,}", GITLEAKS),
    Kind("1Password secret key", "A3-", rf"{_U}{{6}}-[A-Z0-9-]{{20,40}}", GITLEAKS),
    Kind("1Password service account token", "ops_eyJ", f"{_B}{{50,}}", GITLEAKS),
    Kind("age secret key", "AGE-SECRET-KEY-1", "[A-Z0-9]{58}", GITLEAKS),
    Kind("OpenShift token", "sha256~", f"{_W}{{43}}", GITLEAKS),
    Kind("PlanetScale password or token", "pscale_", r"(?:pw|tkn|oauth)_[\w=.-]{32,64}", GITLEAKS),
    Kind("Supabase secret key", "sb_secret_", f"{_W}{{20,}}", BETTERLEAKS),
    Kind("Supabase token", "sbp_", r"[a-z0-9_-]{40}", BETTERLEAKS),
    Kind("MongoDB Atlas secret", "mdb_sa_sk_", f"{_W}{{40}}", BETTERLEAKS),
    Kind("Databricks token", "dapi", rf"{_H}{{32}}(?:-\d)?", GITLEAKS),
    Kind("Vercel token", "vc", rf"[aciprk]_{_W}{{56}}", BETTERLEAKS),
    Kind("Netlify token", "nfp_", f"{_A}{{36,}}", VENDOR),
    Kind("Tailscale key", "tskey-", r"[a-z]+-[\w-]{16,}", VENDOR),
    Kind("Scaleway access key", "SCW", "[A-Z0-9]{17}", VENDOR),
    # Payments and commerce
    Kind("Stripe secret key", "sk_", rf"(?:live|test|prod)_{_A}{{10,}}", GITLEAKS),
    Kind("Stripe restricted key", "rk_", rf"(?:live|test|prod)_{_A}{{10,}}", GITLEAKS),
    Kind("Stripe webhook secret", "whsec_", r"[A-Za-z0-9+/]{24,}={0,2}", SEEN),
    Kind("Square access token", "sq0atp-", f"{_W}{{22,}}", GITLEAKS),
    Kind("Square OAuth secret", "sq0csp-", f"{_W}{{40,}}", DETECT_SECRETS),
    Kind("Square token", "EAAA", f"{_W}{{50,60}}", GITLEAKS),
    Kind("Facebook page token", "EAA", f"[MC]{_A}{{80,}}", GITLEAKS),
    Kind("Shopify token", "shp", f"(?:at|ca|pa|ss|tka)_{_H}{{32}}", GITLEAKS),
    Kind("Shippo token", "shippo_", f"(?:live|test)_{_H}{{40}}", GITLEAKS),
    Kind("Braintree token", "access_token$", r"(?:production|sandbox)\$\w{10,}\$\w{20,}", VENDOR),
    Kind("Plaid token", "access-", rf"(?:sandbox|development|production)-{_H}{{8}}-[a-f0-9-]{{27}}",
         GITLEAKS),
    Kind("Flutterwave key", "FLWSECK", rf"(?:_TEST)?-{_A}{{12,}}", GITLEAKS),
    Kind("EasyPost key", "EZ", f"[AT]K{_A}{{54}}", GITLEAKS),
    # Mail, phone, data services
    Kind("SendGrid key", "SG.", r"[\w=-]{16,32}\.[\w=-]{20,64}", SEEN),
    Kind("Sendinblue key", "xkeysib-", f"{_H}{{64}}-{_A}{{16}}", GITLEAKS),
    Kind("Mailgun key", "key-", f"{_H}{{32}}", GITLEAKS),
    Kind("Mailchimp key", "-us", r"\d{1,2}", DETECT_SECRETS, "[0-9a-f]{32}"),
    Kind("Twilio API key", "SK", f"{_H}{{32}}", GITLEAKS),
    Kind("Postman key", "PMAK-", f"{_H}{{24}}-{_H}{{34}}", GITLEAKS),
    Kind("Airtable token", "pat", rf"{_A}{{14}}\.{_H}{{64}}", BETTERLEAKS),
    Kind("Notion token", "ntn_", f"{_A}{{40,}}", BETTERLEAKS),
    Kind("Notion secret", "secret_", f"{_A}{{43}}", VENDOR),
    Kind("Linear key", "lin_api_", f"{_A}{{40}}", GITLEAKS),
    Kind("Figma token", "fig", f"[duo]_{_W}{{38,}}", BETTERLEAKS),
    Kind("Typeform token", "tfp_", r"[\w.=-]{40,}", GITLEAKS),
    Kind("HubSpot token", "pat-", rf"[a-z]{{2}}\d-{_H}{{8}}-[a-f0-9-]{{27}}", VENDOR),
    Kind("Okta token", "00", rf"(?=[\w-]*[a-z])(?=[\w-]*[A-Z]){_W}{{40}}", VENDOR),
    Kind("Contentful token", "CFPAT-", f"{_W}{{43}}", VENDOR),
    Kind("Duffel token", "duffel_", r"(?:test|live)_[\w=-]{40,}", GITLEAKS),
    # Watching and delivery
    Kind("New Relic user key", "NRAK-", f"{_U}{{20,}}", GITLEAKS),
    Kind("New Relic key", "NR", f"(?:II|JS|RA|AA|SP|BR)-{_W}{{19,}}", GITLEAKS),
    Kind("Grafana service account token", "glsa_", f"{_A}{{32}}_{_H}{{8}}", GITLEAKS),
    Kind("Grafana Cloud token", "glc_", f"{_B}{{32,}}", GITLEAKS),
    Kind("Sentry token", "sntry", f"[su]_{_B}{{40,}}", GITLEAKS),
    Kind("Dynatrace token", "dt0", rf"[a-z]\d{{2}}\.{_U}{{24}}\.{_U}{{64}}", GITLEAKS),
    Kind("Honeycomb key", "hc", r"[abcmx][a-z]{2}_[a-z0-9]{26,}", VENDOR),
    Kind("Harness key", ".", rf"{_W}{{22}}\.{_H}{{24}}\.{_A}{{20}}", GITLEAKS, "(?:pat|sat)"),
    Kind("CircleCI token", "CCIPAT_", rf"{_A}{{22}}_{_H}{{40}}", VENDOR),
    Kind("Buildkite token", "bkua_", f"{_H}{{40}}", VENDOR),
    Kind("Prefect key", "pnu_", f"{_A}{{36}}", GITLEAKS),
    Kind("Octopus Deploy key", "API-", f"{_U}{{26}}", GITLEAKS),
    Kind("ReadMe key", "rdme_", "[a-z0-9]{70}", GITLEAKS),
    Kind("LaunchDarkly key", "sdk-", rf"{_H}{{8}}-[a-f0-9-]{{27}}", VENDOR),
    Kind("LaunchDarkly API key", "api-", rf"{_H}{{8}}-[a-f0-9-]{{27}}", VENDOR),
    Kind("PostHog personal key", "phx_", f"{_W}{{40,}}", BETTERLEAKS),
    Kind("Infracost key", "ico-", f"{_A}{{32}}", GITLEAKS),
    # Models
    Kind("OpenAI key", "sk-", f"{_A}{{20,}}", SEEN),
    Kind("OpenAI key of a project or service", "sk-",
         rf"(?:proj|svcacct|admin|None|or-v1|api|lf)-{_W}{{20,}}", BETTERLEAKS),
    Kind("Anthropic key", "sk-ant-", f"{_W}{{16,}}", GITLEAKS),
    Kind("secret key in Stripe's manner", "sk-", rf"(?:live|test)-{_A}{{16,}}", SEEN),
    Kind("Hugging Face token", "hf_", f"{_A}{{30,}}", GITLEAKS),
    Kind("Hugging Face organization token", "api_org_", f"{_A}{{30,}}", GITLEAKS),
    Kind("Groq key", "gsk_", f"{_A}{{40,}}", BETTERLEAKS),
    Kind("xAI key", "xai-", f"{_W}{{60,}}", BETTERLEAKS),
    Kind("Perplexity key", "pplx-", f"{_A}{{40,}}", GITLEAKS),
    Kind("Replicate token", "r8_", f"{_A}{{37}}", BETTERLEAKS),
    Kind("NVIDIA key", "nvapi-", f"{_W}{{50,}}", BETTERLEAKS),
    Kind("Weights & Biases key", "wandb_v1_", r"\w{40,}", BETTERLEAKS),
    # Standards
    Kind("JSON Web Token", "eyJ", r"[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?", GITLEAKS),
    Kind("JSON Web Token in base64", "ZXlK", f"{_B}{{20,}}", GITLEAKS),
    Kind("OpenSSH private key body", "b3BlbnNzaC1rZXktdjE", f"{_B}*", VENDOR),
    Kind("bcrypt hash", "$2", r"[abxy]?\$\d\d\$[./A-Za-z0-9]{50,}", VENDOR),
    Kind("crypt hash", "$6$", r"[./A-Za-z0-9$=,]{20,}", VENDOR),
    Kind("Argon2 hash", "$argon2", r"[a-z]{1,2}\$[\w$=,+/]{20,}", VENDOR),
)  # fmt: skip


def known_credentials(text: str) -> Iterator[Span]:
    """Where credentials of known kinds stand in `text`."""
    for kind in KINDS:
        if kind.mark in text:
            yield from (match.span() for match in _pattern(kind).finditer(text))


@cache
def _pattern(kind: Kind) -> re.Pattern[str]:
    """Compiled on first use: the command line must not wait for all of them at each start."""
    whole = f"{kind.before}{re.escape(kind.mark)}{kind.after}"
    return re.compile(rf"(?<![A-Za-z0-9]){whole}(?![A-Za-z0-9])")
