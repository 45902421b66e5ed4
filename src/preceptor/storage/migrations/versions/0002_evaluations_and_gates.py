"""Epochs and transcripts of samples, cached responses, calibrations of judges, waivers, sign-offs, releases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SAMPLE_COLUMNS = "run_id, case_id, status, output, scores, error, usage, latency_seconds"


def upgrade() -> None:
    # The primary key gets a column, so the table is made anew: SQLite cannot change a key.
    op.rename_table('eval_samples', 'eval_samples_before')
    op.create_table('eval_samples',
    sa.Column('run_id', sa.String(length=100), nullable=False),
    sa.Column('case_id', sa.String(length=200), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('output', sa.Text(), nullable=True),
    sa.Column('scores', sa.Text(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('usage', sa.Text(), nullable=False),
    sa.Column('latency_seconds', sa.Float(), nullable=True),
    sa.Column('transcript', sa.Text(), nullable=False),
    sa.Column('num_steps', sa.Integer(), nullable=False),
    sa.Column('stop_reason', sa.Text(), nullable=False),
    sa.Column('is_cached', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['eval_runs.id'], ),
    sa.PrimaryKeyConstraint('run_id', 'case_id', 'epoch', name='eval_samples_key')
    )
    op.execute(
        f"INSERT INTO eval_samples ({SAMPLE_COLUMNS}, epoch, transcript, num_steps, stop_reason, is_cached) "
        f"SELECT {SAMPLE_COLUMNS}, 1, '[]', 1, '', FALSE FROM eval_samples_before"
    )
    op.drop_table('eval_samples_before')
    op.create_table('cached_responses',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('completion', sa.Text(), nullable=False),
    sa.Column('made_at', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_table('human_scores',
    sa.Column('run_id', sa.String(length=100), nullable=False),
    sa.Column('case_id', sa.String(length=200), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('metric', sa.String(length=200), nullable=False),
    sa.Column('annotator', sa.String(length=200), nullable=False),
    sa.Column('value', sa.Float(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('made_at', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['eval_runs.id'], ),
    sa.PrimaryKeyConstraint('run_id', 'case_id', 'epoch', 'metric', 'annotator')
    )
    op.create_table('judge_calibrations',
    sa.Column('id', sa.String(length=100), nullable=False),
    sa.Column('judge', sa.String(length=64), nullable=False),
    sa.Column('metric', sa.String(length=200), nullable=False),
    sa.Column('record', sa.Text(), nullable=False),
    sa.Column('made_at', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_judge_calibrations_judge'), 'judge_calibrations', ['judge'], unique=False)
    op.create_table('waivers',
    sa.Column('id', sa.String(length=100), nullable=False),
    sa.Column('policy', sa.String(length=200), nullable=False),
    sa.Column('record', sa.Text(), nullable=False),
    sa.Column('until', sa.String(length=40), nullable=False),
    sa.Column('made_at', sa.String(length=40), nullable=False),
    sa.Column('withdrawn_at', sa.String(length=40), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_waivers_policy'), 'waivers', ['policy'], unique=False)
    op.create_table('sign_offs',
    sa.Column('id', sa.String(length=100), nullable=False),
    sa.Column('verdict_id', sa.String(length=100), nullable=False),
    sa.Column('record', sa.Text(), nullable=False),
    sa.Column('at', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['verdict_id'], ['verdicts.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_sign_offs_verdict_id'), 'sign_offs', ['verdict_id'], unique=False)
    op.create_table('releases',
    sa.Column('verdict_id', sa.String(length=100), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.Column('at', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['verdict_id'], ['verdicts.id'], ),
    sa.PrimaryKeyConstraint('verdict_id')
    )
