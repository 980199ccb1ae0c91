# One image for every process: `docker compose` says which verb each container runs.
FROM node:24-bookworm-slim
WORKDIR /passerelle
ENV HOME=/home/node NODE_ENV=production
COPY --chown=node:node . .
# What the volume of /var/lib/passerelle begins with is this account's.
RUN mkdir -p /var/lib/passerelle && chown node:node /passerelle /var/lib/passerelle
USER node
# Installs the packages and builds the web application, as the first start does on a machine without containers.
RUN node tools/run.mjs cli/src/main.ts help && node tools/build-web.mjs
ENTRYPOINT ["node", "cli/src/main.ts"]
CMD ["all"]
