FROM python:3.13-slim

# Nobody needs to be root in here.
RUN useradd --create-home service
WORKDIR /usr/src/app

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY manage.py ./
COPY migrations migrations
COPY project project

USER service
ENV APP_SETTINGS=project.config.ProductionConfig PYTHONDONTWRITEBYTECODE=1
EXPOSE 5000
CMD ["python", "manage.py", "run", "--host", "0.0.0.0", "--port", "5000"]
