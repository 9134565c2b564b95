"""placeholder"""
def create(scope, request): return {}
