"""Counts what Linphone's own library reads in the vCards of a file: names, addresses and numbers, one contact a line."""
import ctypes, ctypes.util, os, sys
lib = ctypes.CDLL(ctypes.util.find_library('linphone') or 'liblinphone.so.10')
p, s, i = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
def fn(name, result, *args):
    f = getattr(lib, name); f.restype = result; f.argtypes = args; return f
factory = fn('linphone_factory_get', p)()
fn('linphone_factory_set_data_dir', None, p, s)(factory, os.path.dirname(os.path.abspath(sys.argv[1])).encode())
core = fn('linphone_factory_create_core_3', p, p, s, s, p)(factory, None, None, None)
friends = fn('linphone_core_create_friend_list', p, p)(core)
count = fn('linphone_friend_list_import_friends_from_vcard4_buffer', i, p, s)(friends, open(sys.argv[1], 'rb').read())
print(count)
node = fn('linphone_friend_list_get_friends', p, p)(friends)
data, following = fn('bctbx_list_get_data', p, p), fn('bctbx_list_next', p, p)
name, address, uri = fn('linphone_friend_get_name', s, p), fn('linphone_friend_get_address', p, p), fn('linphone_address_as_string_uri_only', s, p)
numbers = fn('linphone_friend_get_phone_numbers', p, p)
while node:
    friend = data(node)
    a = address(friend); n = numbers(friend)
    print(name(friend).decode(), uri(a).decode() if a else '-', ctypes.cast(data(n), s).value.decode() if n else '-', sep='\t')
    node = following(node)
