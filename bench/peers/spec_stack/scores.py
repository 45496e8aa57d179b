"""The stack of the specification: Flask, Flask-SQLAlchemy's ORM, and a call to the users-service for each request."""

import datetime
import os
from functools import wraps

import requests
from flask import Flask, jsonify, request
from flask_cors import CORS
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
CORS(app)
app.config["USERS_SERVICE_URL"] = os.environ["USERS_SERVICE_URL"]
app.config["SQLALCHEMY_TRACK_MODIFICATIONS"] = False
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
db = SQLAlchemy(app)
migrate = Migrate(app, db)


class Score(db.Model):
    __tablename__ = "scores"
    id = db.Column(db.Integer, primary_key=True, autoincrement=True)
    user_id = db.Column(db.Integer, nullable=False)
    exercise_id = db.Column(db.Integer, nullable=False)
    correct = db.Column(db.Boolean, nullable=False)
    source = db.Column(db.String, nullable=False, default="imported")
    points = db.Column(db.Integer)
    max_points = db.Column(db.Integer)
    attempts = db.Column(db.Integer, nullable=False, default=0)
    created_at = db.Column(db.DateTime, nullable=False)
    updated_at = db.Column(db.DateTime, nullable=False)

    def __init__(self, user_id, exercise_id, correct):
        self.user_id = user_id
        self.exercise_id = exercise_id
        self.correct = correct
        self.created_at = self.updated_at = datetime.datetime.now(datetime.UTC)

    def to_json(self):
        return {
            "id": self.id,
            "user_id": self.user_id,
            "exercise_id": self.exercise_id,
            "correct": self.correct,
            "source": self.source,
            "points": self.points,
            "max_points": self.max_points,
            "attempts": self.attempts,
            "created_at": self.created_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
        }


class SolvedCount(db.Model):
    __tablename__ = "solved_counts"
    user_id = db.Column(db.Integer, primary_key=True)
    solved = db.Column(db.Integer, nullable=False)


def ensure_authenticated(token):
    url = "{}/auth/status".format(app.config["USERS_SERVICE_URL"])
    response = requests.get(url, headers={"Authorization": f"Bearer {token}"})
    data = response.json()
    if response.status_code == 200 and data["status"] == "success" and data["data"]["active"]:
        return data["data"]
    return None


def authenticate(f):
    @wraps(f)
    def decorated_function(*args, **kwargs):
        auth_header = request.headers.get("Authorization")
        if not auth_header:
            return jsonify({"status": "error", "message": "Provide a valid auth token."}), 403
        user = ensure_authenticated(auth_header.split(" ")[1])
        if not user:
            return jsonify({"status": "error", "message": "Invalid token."}), 401
        return f(user, *args, **kwargs)

    return decorated_function


@app.route("/scores/<int:score_id>", methods=["GET"])
def get_single_score(score_id):
    score = Score.query.filter_by(id=score_id).first()
    if not score:
        return jsonify({"status": "fail", "message": "Score does not exist"}), 404
    return jsonify({"status": "success", "data": score.to_json()})


@app.route("/scores/user", methods=["GET"])
@authenticate
def get_all_scores_by_user(user):
    scores = Score.query.filter_by(user_id=user["id"]).order_by(Score.id).all()
    return jsonify({"status": "success", "data": {"scores": [score.to_json() for score in scores]}})


@app.route("/scores", methods=["GET"])
def get_all_scores():
    after = request.args.get("after", 0, type=int)
    limit = request.args.get("limit", 100, type=int)
    scores = Score.query.filter(Score.id > after).order_by(Score.id).limit(limit).all()
    return jsonify({"status": "success", "data": {"scores": [score.to_json() for score in scores]}})


@app.route("/scores", methods=["PATCH"])
@authenticate
def upsert_score(user):
    data = request.get_json()
    if not data or "exercise_id" not in data or "correct" not in data:
        return jsonify({"status": "fail", "message": "Invalid payload."}), 400
    score = Score.query.filter_by(user_id=user["id"], exercise_id=data["exercise_id"]).first()
    if score:
        score.correct = data["correct"]
        # The ORM writes only changed columns; the time always changes.
        score.updated_at = datetime.datetime.now(datetime.UTC)
        db.session.commit()
        return jsonify({"status": "success", "message": "Score was updated!", "data": score.to_json()}), 200
    score = Score(user["id"], data["exercise_id"], data["correct"])
    db.session.add(score)
    db.session.commit()
    return jsonify({"status": "success", "message": "New score was added!", "data": score.to_json()}), 201


@app.route("/leaderboard", methods=["GET"])
def get_leaderboard():
    limit = request.args.get("limit", 50, type=int)
    counts = SolvedCount.query.order_by(SolvedCount.solved.desc(), SolvedCount.user_id).limit(limit)
    board = [{"user_id": row.user_id, "solved": row.solved} for row in counts]
    return jsonify({"status": "success", "data": {"leaderboard": board}})
