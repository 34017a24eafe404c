"""The Deploy CLI's directory format: which file contains which section of the tenant."""

from __future__ import annotations

from collections.abc import Mapping

LAYOUT: Mapping[str, str] = {
    "tenant.json": "tenant",
    "clients/*.json": "clients[]",
    "resource-servers/*.json": "resourceServers[]",
    "grants/*.json": "clientGrants[]",
    "database-connections/*/database.json": "databases[]",
    "connections/*.json": "connections[]",
    "roles/*.json": "roles[]",
    "organizations/*.json": "organizations[]",
    "attack-protection/bot-detection.json": "attackProtection.botDetection",
    "attack-protection/breached-password-detection.json": (
        "attackProtection.breachedPasswordDetection"
    ),
    "attack-protection/brute-force-protection.json": "attackProtection.bruteForceProtection",
    "attack-protection/captcha.json": "attackProtection.captcha",
    "attack-protection/suspicious-ip-throttling.json": "attackProtection.suspiciousIpThrottling",
    "rules/*.json": "rules[]",
    "rules-configs/*.json": "rulesConfigs[]",
    "hooks/*.json": "hooks[]",
    "actions/*.json": "actions[]",
    "action-modules/*.json": "actionModules[]",
    "triggers/*.json": "triggers",
    "pages/*.json": "pages[]",
    "emails/provider.json": "emailProvider",
    "emails/*.json": "emailTemplates[]",
    "phone-providers/provider.json": "phoneProviders",
    "phone-templates/*.json": "phoneTemplates[]",
    "guardian/factors/*.json": "guardianFactors[]",
    "guardian/providers/*.json": "guardianFactorProviders[]",
    "guardian/templates/*.json": "guardianFactorTemplates[]",
    "guardian/policies.json": "guardianPolicies",
    "guardian/phoneFactorMessageTypes.json": "guardianPhoneFactorMessageTypes",
    "guardian/phoneFactorSelectedProvider.json": "guardianPhoneFactorSelectedProvider",
    "branding/branding.json": "branding",
    "branding/templates/*.json": "branding.templates[]",
    "prompts/prompts.json": "prompts",
    "prompts/custom-text.json": "prompts.customText",
    "prompts/partials.json": "prompts.partials",
    "prompts/screenRenderSettings/*.json": "prompts.screenRenderers[]",
    "custom-domains/custom-domains.json": "customDomains",
    "themes/*.json": "themes[]",
    "log-streams/*.json": "logStreams[]",
    "event-streams/*.json": "eventStreams[]",
    "forms/*.json": "forms[]",
    "flows/*.json": "flows[]",
    "flow-vault-connections/*.json": "flowVaultConnections[]",
    "self-service-profiles/*.json": "selfServiceProfiles[]",
    "user-attribute-profiles/*.json": "userAttributeProfiles[]",
    "connection-profiles/*.json": "connectionProfiles[]",
    "token-exchange-profiles/*.json": "tokenExchangeProfiles[]",
    "network-acls/*.json": "networkACLs[]",
    "rate-limit-policies/*.json": "rateLimitPolicies[]",
    "risk-assessment/settings.json": "riskAssessment",
    "supplemental-signals.json": "supplementalSignals",
}
"""Patterns of file names, and the section that each file is; `[]` means an entry of a list.

A file belongs to the first pattern that it matches.
"""

ROOTS = frozenset(pattern.partition("/")[0] for pattern in LAYOUT)
"""The files and folders at the top of an export."""

TENANT_FILES = ("tenant.yaml", "tenant.yml")
"""The file of the Deploy CLI's YAML format."""

OWN_FILE = "mockidp.yaml"
"""The file for users and settings, which an export never contains."""
