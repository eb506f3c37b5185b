from frame import serve

serve("hello".format)
