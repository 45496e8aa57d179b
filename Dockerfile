# The images that this one is made from, by digest, so that a build tomorrow has what a build today has. To take newer
# ones, change tag and digest together: `docker buildx imagetools inspect python:3.13.15-slim-trixie` shows the digest.
# Any image with Python 3.11 or newer and pip will do, and any with Node 20.19 or newer and npm.
ARG NODE_IMAGE=node:24.20.0-bookworm-slim@sha256:ba849c60be29959425b8734d57b8b4b7d56f98edd9504c9af091d5281095a71e
ARG PYTHON_IMAGE=python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

# The web client: files for browsers, and nothing of Node goes into the image of the service.
FROM ${NODE_IMAGE} AS client
WORKDIR /client
COPY client/package.json client/package-lock.json ./
RUN npm ci
COPY client ./
RUN npm run build

FROM ${PYTHON_IMAGE} AS service

# Nobody needs to be root in here.
RUN useradd --uid 1000 --create-home service
WORKDIR /usr/src/app

COPY requirements.txt .
# Another package index: `--build-arg PIP_INDEX_URL=https://...`
ARG PIP_INDEX_URL
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY manage.py ./
COPY migrations migrations
COPY project project
COPY seeds seeds
COPY --from=client /client/dist client/dist
# Otherwise every process that starts compiles the service and Python's own library: 1.7 s of CPU time.
RUN python -m compileall -q "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')" project migrations

USER service
ENV APP_SETTINGS=project.config.ProductionConfig PYTHONDONTWRITEBYTECODE=1
EXPOSE 5000
CMD ["python", "manage.py", "run", "--host", "0.0.0.0", "--port", "5000"]

# With compilers and interpreters: `docker build --target worker-full --build-arg LANGUAGES="c cpp java" .`
FROM service AS worker-full
ARG LANGUAGES=all
USER root
# The key signs nothing. The smoke programs need a sandbox, which the build of an image lacks: run
# `python manage.py languages check` in a container.
RUN APP_SETTINGS=project.config.DevelopmentConfig SECRET_KEY="$(head -c 32 /dev/urandom | base64)" \
        python manage.py languages install --no-check ${LANGUAGES} \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
USER service

# What `docker build .` makes.
FROM service
