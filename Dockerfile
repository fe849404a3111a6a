FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.mjs ./scripts/
COPY src ./src
ARG REVISION
RUN REVISION="$REVISION" npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="alertmanager-proxy" \
      org.opencontainers.image.description="Gives alerts the output of the check scripts behind them." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY LICENSE ./
COPY config/alertmanager-proxy.yml /etc/alertmanager-proxy/
# convert-sensu writes them.
COPY config/templates ./config/templates
# nobody, by number: Kubernetes cannot tell from a name that it is not root.
USER 65534:65534
# The proxy, and its node agent.
EXPOSE 9095 9470
# Set it for the agent, TLS, or an admin address.
ENV HEALTHCHECK_URL=http://127.0.0.1:9095/-/healthy
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "fetch(process.env.HEALTHCHECK_URL).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# No shell in between, so that signals reach the program; it waits for no children and needs no init.
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["serve", "--config.file=/etc/alertmanager-proxy/alertmanager-proxy.yml"]
