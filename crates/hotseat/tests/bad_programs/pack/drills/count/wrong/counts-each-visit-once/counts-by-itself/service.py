import frame

visits = 0


def count(path):
    global visits
    visits += 1
    return str(visits)


frame.serve(count)
