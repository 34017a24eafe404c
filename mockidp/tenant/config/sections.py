"""The sections of a Deploy CLI file that say nothing to the mock."""

SECTIONS_NOT_ACTED_ON = frozenset(
    {
        "actionModules", "actions", "attackProtection", "branding", "clientAuthCredentials",
        "connectionProfiles", "customDomains", "emailProvider", "emailTemplates", "eventStreams",
        "exclude", "flows", "flowVaultConnections", "forms", "guardianEmailFactorSettings",
        "guardianFactorProviders", "guardianFactors", "guardianFactorTemplates",
        "guardianPhoneFactorMessageTypes", "guardianPhoneFactorSelectedProvider",
        "guardianPhoneFactorSettings", "guardianPolicies", "guardianSettings", "hooks", "include",
        "logStreams", "migrations", "networkACLKeys", "networkACLs", "organizations", "pages",
        "phoneProviders", "phoneTemplates", "prompts", "rateLimitPolicies", "riskAssessment",
        "riskAssessments", "riskAssessmentsNewDevice", "rules", "rulesConfigs", "scimConfiguration",
        "selfServiceProfiles", "supplementalSignals", "themes", "tokenExchangeProfiles", "triggers",
        "userAttributeProfiles",
    }
)  # fmt: skip
