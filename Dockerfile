# The web client: files for browsers, and nothing of Node goes into the image of the service.
FROM node:24-slim AS client
WORKDIR /client
COPY client/package.json client/package-lock.json ./
RUN npm ci
COPY client ./
RUN npm run build

FROM python:3.13-slim

# Nobody needs to be root in here.
RUN useradd --create-home service
WORKDIR /usr/src/app

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY manage.py ./
COPY migrations migrations
COPY project project
COPY seeds seeds
COPY --from=client /client/dist client/dist

USER service
ENV APP_SETTINGS=project.config.ProductionConfig PYTHONDONTWRITEBYTECODE=1
EXPOSE 5000
CMD ["python", "manage.py", "run", "--host", "0.0.0.0", "--port", "5000"]
