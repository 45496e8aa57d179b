"""The table of permissions.

A cell is the status of the response: 403 without a token, 401 with one that does not permit it, 404 where not even the
existence is shown. With + the response shows what is the learner's own, with ! what only admins know of an exercise.
The learner owns the score and the submission; the token of `inactive` was an admin's. What is behind # is the body.
"""

BODIES = {
    "account": '{"username": "new", "email": "new@example.org", "password": "correct horse battery staple"}',
    "login": '{"email": "learner@example.org", "password": "correct horse battery"}',
    "exercise": '{"exercise_body": "Define `f`.", "test_code": "print(f())", "test_code_solution": "1"}',
    "answer": '{"exercise_id": {exercise}, "answer": "def add(left, right):\\n    return left\\n"}',
    "to-deleted": '{"exercise_id": {deleted}, "answer": "def add(left, right):\\n    return left\\n"}',
    "own-score": '{"exercise_id": {exercise}, "correct": true}',
    "new-score": '{"exercise_id": 77, "correct": true}',
    "graded-score": '{"exercise_id": {graded}, "correct": true}',
    "learners-score": '{"exercise_id": {exercise}, "correct": true, "user_id": {learner}}',
    "reason": '{"exercise_id": 77, "correct": true, "reason": "seen"}',
    "bulk": '{"user_id": {learner}, "exercise_id": 77, "correct": true}\n',
    "set": '{"exercise_ids": [{exercise}]}',
    "invitation": '{"uses": 1}',
}
TABLE = """
#                                            anonymous learner  other    inactive grader   admin
GET    /                                     302      302      302      302      302      302
GET    /app/                                 200      200      200      200      200      200
GET    /app/missing.js                       200      200      200      200      200      200
GET    /docs                                 200      200      200      200      200      200
GET    /docs/nothing                         404      404      404      404      404      404
GET    /openapi.json                         200      200      200      200      200      200
GET    /ping                                 403      200      200      401      200      200
GET    /health                               200      200      200      200      200      200
GET    /ready                                200      200      200      200      200      200
GET    /metrics                              200      200      200      200      200      200
GET    /languages                            200      200      200      200      200      200
GET    /events                               403      200      200      401      200      200

POST   /auth/register#account                201      201      201      201      201      201
GET    /auth/registration                    200      200      200      200      200      200
POST   /auth/login#login                     200      200      200      200      200      200
GET    /auth/logout                          403      200      200      401      200      200
GET    /auth/status                          403      200+     200      401      200      200
GET    /users                                200      200      200      200      200      200+
POST   /users#account                        403      401      401      401      401      201
GET    /users/{learner}                      200      200      200      200      200      200+
GET    /users/{missing}                        404      404      404      404      404      404
POST   /invitations#invitation               403      401      401      401      201      201
GET    /invitations                          403      401      401      401      200      200
DELETE /invitations/{invitation}             403      401      401      401      200      200
DELETE /invitations/{missing}                  403      401      401      401      404      404

GET    /exercises                            200      200      200      200      200      200!
POST   /exercises#exercise                   403      401      401      401      401      201
POST   /exercises/check#exercise             403      401      401      401      401      200
GET    /exercises/{exercise}                 200      200      200      200      200      200!
GET    /exercises/{deleted}                  404      404      404      404      404      404
PUT    /exercises/{exercise}#exercise        403      401      401      401      401      200
PUT    /exercises/{deleted}#exercise         403      401      401      401      401      404
DELETE /exercises/{exercise}                 403      401      401      401      401      200
DELETE /exercises/{deleted}                  403      401      401      401      401      404
GET    /exercises/{exercise}/versions        403      401      401      401      401      200!
GET    /exercises/{deleted}/versions         403      401      401      401      401      200!
GET    /exercises/{exercise}/versions/1      403      401      401      401      401      200!
GET    /exercises/{deleted}/versions/1       403      401      401      401      401      200!
GET    /exercises/stats                      200      200      200      200      200      200
GET    /exercises/{exercise}/stats           200      200      200      200      200      200
GET    /exercises/{exercise}/stats/verdicts  403      401      401      401      200      200
POST   /exercises/{exercise}/rejudge         403      401      401      401      401      202
POST   /exercises/{deleted}/rejudge          403      401      401      401      401      404
GET    /exercises/{exercise}/rejudges        403      401      401      401      401      200
GET    /rejudges/{rejudge}                   403      401      401      401      401      200
GET    /rejudges/{rejudge}/changes           403      401      401      401      401      200
POST   /rejudges/{rejudge}/apply             403      401      401      401      401      200
POST   /rejudges/{rejudge}/undo              403      401      401      401      401      400
GET    /rejudges/{missing}                     403      401      401      401      401      404
GET    /exercise-sets                        200      200      200      200      200      200
GET    /exercise-sets/a-set                  200      200      200      200      200      200
PUT    /exercise-sets/a-set#set              403      401      401      401      200      200
DELETE /exercise-sets/a-set                  403      401      401      401      200      200

GET    /submissions                          403      200      200      401      200      200
GET    /submissions?user_id={learner}        403      200      401      401      200      200
GET    /submissions/{submission}             403      200+     404      401      200+     200+
GET    /submissions/{missing}                  403      404      404      401      404      404
POST   /submissions#answer                   403      201      201      401      201!     201!
POST   /submissions#to-deleted               403      400      400      401      400      400
POST   /evaluations#answer                   403      200      200      401      200!     200!
POST   /evaluations#to-deleted               403      400      400      401      400      400

GET    /scores                               200      200      200      200      200      200
GET    /scores/{score}                       200      200      200      200      200      200
GET    /scores/{missing}                       404      404      404      404      404      404
GET    /scores/user                          403      200      200      401      200      200
GET    /scores/user/{score}                  403      200      404      401      404      404
GET    /scores/{score}/history               403      200      404      401      200      200
GET    /scores/history                       403      200      200      401      200      200
GET    /scores/history?user_id={learner}     403      200      401      401      200      200
GET    /scores/table                         403      401      401      401      200      200
GET    /scores/export                        403      401      401      401      200      200
POST   /scores/bulk#bulk                     403      401      401      401      200      200
POST   /scores#new-score                     403      201      201      401      201      201
POST   /scores#graded-score                  403      401      401      401      201      201
POST   /scores#learners-score                403      400      401      401      400      400
POST   /scores#reason                        403      401      401      401      201      201
PATCH  /scores#own-score                     403      200      201      401      201      201
PATCH  /scores#graded-score                  403      401      401      401      201      201
PATCH  /scores#learners-score                403      200      401      401      200      200
PATCH  /scores/{score}#own-score             403      200      201      401      201      201
PUT    /scores/{score}#own-score             403      200      400      401      400      400
PUT    /scores/{missing}#own-score             403      400      400      401      400      400
GET    /leaderboard                          200      200      200      200      200      200
GET    /leaderboard/me                       403      200      200      401      200      200
GET    /progress/user                        403      200      200      401      200      200
"""
# With SCORES_PUBLIC=false.
PRIVATE_SCORES = """
GET    /scores                               403      200      200      401      200      200
GET    /scores/{score}                       403      200      404      401      200      200
GET    /leaderboard                          403      200      200      401      200      200
GET    /exercises/stats                      403      200      200      401      200      200
GET    /exercises/{exercise}/stats           403      200      200      401      200      200
"""
# With a users-service, besides the rows of its own.
USERS_SERVICE = """
GET    /auth/status                          403      200      200      401      200      200
GET    /auth/logout                          404      404      404      404      404      404
POST   /auth/register#account                404      404      404      404      404      404
POST   /auth/login#login                     404      404      404      404      404      404
GET    /users                                404      404      404      404      404      404
POST   /users#account                        404      404      404      404      404      404
GET    /users/{learner}                      404      404      404      404      404      404
GET    /invitations                          404      404      404      404      404      404
POST   /invitations#invitation               404      404      404      404      404      404
DELETE /invitations/{invitation}             404      404      404      404      404      404
"""
