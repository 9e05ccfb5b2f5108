import CNLopt
