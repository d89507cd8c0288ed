# Node serves the build only: Tailwind and wasm-opt.
FROM node:20-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
WORKDIR /src
ENV AXISOR_CACHE=/var/cache/axisor

COPY . .
RUN cargo xtask build \
 && mkdir -p /out && cp -r target/dist/axisor target/dist/hash.txt target/dist/site /out/

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data axisor \
 && install -d -o axisor -g axisor -m 700 /data
COPY --from=build /out /opt/axisor
ENV AXISOR_DATA=/data \
    AXISOR_SITE=/opt/axisor/site \
    AXISOR_LISTEN=0.0.0.0:13010
USER axisor
VOLUME /data
EXPOSE 13010
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s CMD ["/opt/axisor/axisor", "health"]
ENTRYPOINT ["/opt/axisor/axisor"]
CMD ["serve"]
