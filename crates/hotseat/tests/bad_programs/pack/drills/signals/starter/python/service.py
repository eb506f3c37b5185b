import frame

frame.serve(lambda path: "")
