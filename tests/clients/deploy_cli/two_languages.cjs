// Loaded before the Deploy CLI. Its schema of texts has 184,275 screens in 81 languages. Compiling it, which each import does,
// takes ten seconds. The tests only have texts for the login in two languages.
const { schema } = require("../node/node_modules/auth0-deploy-cli/lib/tools/auth0/handlers/prompts");
const { customText } = schema.properties;
const { de, en } = customText.properties;
customText.properties = { de, en };
for (const texts of [de, en]) texts.properties = { login: texts.properties.login };
