"""Review requests (复查申请): a person asks that an outcome be looked at again, procedure and facts, never the experts' judgement."""
