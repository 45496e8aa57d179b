"""The users-service of the specification: it looks up the holder of a token for each request."""

import os

import jwt
from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["JWT_SECRET"]
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
db = SQLAlchemy(app)


class User(db.Model):
    __tablename__ = "users"
    id = db.Column(db.Integer, primary_key=True, autoincrement=True)
    username = db.Column(db.String, nullable=False)
    email = db.Column(db.String, nullable=False)
    active = db.Column(db.Boolean, nullable=False)
    created_at = db.Column(db.DateTime, nullable=False)


def find_user(token):
    try:
        payload = jwt.decode(token, app.config["SECRET_KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        return None
    user = User.query.filter_by(id=int(payload["sub"])).first()
    return user if user and user.active else None


@app.route("/auth/status")
def get_user_status():
    auth_header = request.headers.get("Authorization")
    if not auth_header:
        return jsonify({"status": "error", "message": "Provide a valid auth token."}), 403
    user = find_user(auth_header.split(" ")[1])
    if user is None:
        return jsonify({"status": "error", "message": "Invalid token."}), 401
    data = {
        "id": user.id,
        "username": user.username,
        "email": user.email,
        "active": user.active,
        "created_at": user.created_at,
    }
    return jsonify({"status": "success", "data": data})


@app.route("/ping")
def ping_pong():
    return jsonify({"status": "success", "message": "pong!"})
