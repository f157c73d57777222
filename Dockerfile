# Temporal's SDK needs glibc: an Alpine base does not work.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
# The SDK brings its native part for every platform; one is enough.
RUN find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name '*-linux-gnu' -exec rm -rf {} +

FROM ${NODE_IMAGE} AS base
ENV NODE_ENV=production
WORKDIR /app
RUN groupadd --gid 10001 org2org && useradd --uid 10001 --gid org2org --no-create-home --shell /usr/sbin/nologin org2org
COPY package.json ./
COPY --from=build /app/dist ./dist
USER org2org

# Two orgs that stand in for Okta; needs packages that production does without.
FROM base AS sandbox
COPY --from=build /app/node_modules ./node_modules
CMD ["node", "--enable-source-maps", "dist/sandbox/main.js"]

# API and worker; the command says which.
FROM base AS org2org
COPY --from=dependencies /app/node_modules ./node_modules
CMD ["node", "--enable-source-maps", "--max-semi-space-size=4", "dist/src/worker/main.js"]
