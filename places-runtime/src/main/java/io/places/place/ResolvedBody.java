package io.places.place;

import io.places.MessageNotAllowedException;
import io.places.channel.ChannelEndType;
import io.places.channel.PlaceChannel;
import io.places.message.MessageType;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A body that was found: its types, read from its declaration, and how to run it. */
public final class ResolvedBody {

  private interface Code {
    void run(PlaceChannel<?, ?> channel, List<?> arguments) throws Throwable;
  }

  /** Of each class, by method; reflection is slow. */
  private static final ClassValue<Map<String, ResolvedBody>> KNOWN =
      new ClassValue<>() {
        @Override
        protected Map<String, ResolvedBody> computeValue(Class<?> owner) {
          return new ConcurrentHashMap<>();
        }
      };

  private final EntryPoint entry;
  private final MessageType<?> sends;
  private final MessageType<?> receives;
  private final List<MessageType<?>> arguments;
  private final @Nullable ClassLoader classLoader;
  private final Code code;

  private ResolvedBody(
      EntryPoint entry,
      Type channel,
      List<MessageType<?>> arguments,
      @Nullable ClassLoader classLoader,
      Code code) {
    Type[] types = channelTypes(entry, channel);
    this.entry = entry;
    this.sends = messageType(types[0]);
    this.receives = messageType(types[1]);
    this.arguments = arguments;
    this.classLoader = classLoader;
    this.code = code;
  }

  /**
   * Finds a body.
   *
   * @throws ClassNotFoundException if the class is missing or not allowed
   * @throws IllegalArgumentException if it is no body, saying why and what a body looks like
   */
  public static ResolvedBody find(EntryPoint entry, AllowList allowed)
      throws ClassNotFoundException {
    Class<?> owner = allowed.load(entry.className());
    Map<String, ResolvedBody> known = KNOWN.get(owner);
    ResolvedBody body = known.get(entry.methodName());
    if (body == null) {
      body = of(entry, owner, null);
      known.put(entry.methodName(), body);
    }
    return body;
  }

  /** As {@link #find}, with classes of its own. */
  public static ResolvedBody findIsolated(EntryPoint entry, AllowList allowed)
      throws ClassNotFoundException {
    Class<?> owner = allowed.loadIsolated(entry.className());
    return of(entry, owner, owner.getClassLoader());
  }

  private static ResolvedBody of(
      EntryPoint entry, Class<?> owner, @Nullable ClassLoader classLoader) {
    return entry.methodName().isEmpty()
        ? ofClass(entry, owner, classLoader)
        : ofMethod(entry, owner, classLoader);
  }

  public MessageType<?> sends() {
    return sends;
  }

  public MessageType<?> receives() {
    return receives;
  }

  public List<MessageType<?>> arguments() {
    return arguments;
  }

  /**
   * Checks what a starter passes against what the body takes.
   *
   * @throws IllegalArgumentException if it passes more or fewer
   * @throws MessageNotAllowedException if one may not travel, saying which and why
   */
  public void checkArguments(Object[] given) {
    if (given.length != arguments.size()) {
      throw new IllegalArgumentException(
          "%s takes %d arguments, %d were given".formatted(entry, arguments.size(), given.length));
    }
    for (int i = 0; i < given.length; i++) {
      try {
        arguments.get(i).check(given[i]);
      } catch (MessageNotAllowedException e) {
        throw new MessageNotAllowedException(
            "argument %d of %s: %s".formatted(i + 1, entry, e.getMessage()), e);
      }
    }
  }

  /** Whether this is the body of a named place: it sends nothing and receives ends of channels. */
  public boolean takesClients() {
    return sends.equals(MessageType.nothing()) && receives instanceof ChannelEndType;
  }

  /** The loader of the place's own classes; null if it has none. */
  @Nullable ClassLoader classLoader() {
    return classLoader;
  }

  void run(PlaceChannel<?, ?> channel, List<?> given) throws Throwable {
    code.run(channel, given);
  }

  private static ResolvedBody ofMethod(
      EntryPoint entry, Class<?> owner, @Nullable ClassLoader classLoader) {
    List<Method> found =
        Arrays.stream(owner.getDeclaredMethods())
            .filter(method -> method.getName().equals(entry.methodName()))
            .filter(method -> Modifier.isStatic(method.getModifiers()))
            .filter(method -> method.getParameterCount() > 0)
            .filter(method -> isGroupBody(method) || method.getParameterTypes()[0] == PlaceChannel.class)
            .toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "%s has %d static methods '%s' whose first parameter is a %s; a body needs exactly one"
              .formatted(
                  owner.getName(),
                  found.size(),
                  entry.methodName(),
                  found.stream().anyMatch(ResolvedBody::isGroupBody)
                      ? "PlaceChannel or GroupMember"
                      : "PlaceChannel"));
    }
    Method method = found.getFirst();
    method.setAccessible(true);
    return isGroupBody(method)
        ? ofMember(entry, method, classLoader)
        : ofMethod(entry, method, classLoader);
  }

  private static boolean isGroupBody(Method method) {
    return method.getParameterTypes()[0] == GroupMember.class;
  }

  private static ResolvedBody ofMethod(
      EntryPoint entry, Method method, @Nullable ClassLoader classLoader) {
    Type[] parameters = method.getGenericParameterTypes();
    List<MessageType<?>> arguments =
        Arrays.stream(parameters).skip(1).<MessageType<?>>map(ResolvedBody::messageType).toList();
    return new ResolvedBody(
        entry,
        parameters[0],
        arguments,
        classLoader,
        (channel, given) -> {
          Object[] all = new Object[1 + given.size()];
          all[0] = channel;
          for (int i = 0; i < given.size(); i++) {
            all[i + 1] = given.get(i);
          }
          call(method, all);
        });
  }

  /** A {@link GroupBody}: its arguments are its own one, its rank, and the group's size. */
  private static ResolvedBody ofMember(
      EntryPoint entry, Method method, @Nullable ClassLoader classLoader) {
    if (method.getParameterCount() != 2) {
      throw new IllegalArgumentException(
          "%s takes %d parameters; a group body takes two, a GroupMember and its argument"
              .formatted(entry, method.getParameterCount()));
    }
    Type says = new Applied(GroupMessage.class, method.getGenericReturnType());
    Type hears = new Applied(GroupMessage.class, Boolean.class); // has no result
    Type argument = method.getGenericParameterTypes()[1];
    return new ResolvedBody(
        entry,
        new Applied(PlaceChannel.class, says, hears),
        List.of(messageType(argument), MessageType.of(Integer.class), MessageType.of(Integer.class)),
        classLoader,
        (channel, given) -> {
          @SuppressWarnings("unchecked") // the channel is made with the types above
          var coordinator = (PlaceChannel<GroupMessage<Object>, GroupMessage<Boolean>>) channel;
          var self = new GroupMember((Integer) given.get(1), (Integer) given.get(2), coordinator);
          Object result = call(method, self, given.get(0));
          if (result == null) {
            throw new MessageNotAllowedException(
                entry + " answers null, which is no message; a member's result may be an Optional");
          }
          coordinator.put(GroupMessage.result(result));
        });
  }

  /** A generic type with its arguments. */
  private record Applied(Class<?> raw, List<Type> arguments) implements ParameterizedType {
    Applied(Class<?> raw, Type... arguments) {
      this(raw, List.of(arguments));
    }

    @Override
    public Type[] getActualTypeArguments() {
      return arguments.toArray(Type[]::new);
    }

    @Override
    public Type getRawType() {
      return raw;
    }

    @Override
    public @Nullable Type getOwnerType() {
      return raw.getDeclaringClass();
    }
  }

  private static ResolvedBody ofClass(
      EntryPoint entry, Class<?> owner, @Nullable ClassLoader classLoader) {
    if (!PlaceBody.class.isAssignableFrom(owner)) {
      throw new IllegalArgumentException(
          owner.getName() + " does not implement " + PlaceBody.class.getName());
    }
    if (Modifier.isAbstract(owner.getModifiers())) {
      throw new IllegalArgumentException(owner.getName() + " is abstract; name a concrete body");
    }
    Constructor<?> constructor;
    try {
      constructor = owner.getDeclaredConstructor();
      constructor.setAccessible(true);
    } catch (NoSuchMethodException e) {
      Optional<String> captures = Captures.of(owner);
      if (captures.isPresent()) {
        throw new IllegalArgumentException(
            "%s captures %s; %s"
                .formatted(owner.getName(), captures.get(), EntryPoint.SHARES_NO_MEMORY),
            e);
      }
      throw new IllegalArgumentException(
          owner.getName()
              + " has no constructor without arguments, so no other JVM can make one; a place gets its data as messages",
          e);
    }
    return new ResolvedBody(
        entry,
        bodySupertype(owner),
        List.of(),
        classLoader,
        (channel, none) -> {
          @SuppressWarnings("unchecked") // the channel is made with the types that the class declares
          var typed = (PlaceChannel<Object, Object>) channel;
          @SuppressWarnings("unchecked")
          var body = (PlaceBody<Object, Object>) instantiate(constructor);
          body.run(typed);
        });
  }

  private static @Nullable Object call(Method method, Object... arguments) throws Throwable {
    try {
      return method.invoke(null, arguments);
    } catch (InvocationTargetException e) {
      throw ofBody(e);
    }
  }

  private static Object instantiate(Constructor<?> constructor) throws Throwable {
    try {
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw ofBody(e);
    }
  }

  /** The body's own exception, out of the wrapper that reflection puts around it. */
  private static Throwable ofBody(InvocationTargetException wrapper) {
    return wrapper.getCause() == null ? wrapper : wrapper.getCause();
  }

  private static Type bodySupertype(Class<?> owner) {
    for (Class<?> at = owner; at != null; at = at.getSuperclass()) {
      for (Type type : at.getGenericInterfaces()) {
        if (type instanceof ParameterizedType parameterized
            && parameterized.getRawType() == PlaceBody.class) {
          return parameterized;
        }
      }
    }
    throw new IllegalArgumentException(
        owner.getName()
            + " must say itself what it sends and receives: implements PlaceBody<…, …>");
  }

  private static Type[] channelTypes(EntryPoint entry, Type channel) {
    if (channel instanceof ParameterizedType parameterized) {
      return parameterized.getActualTypeArguments();
    }
    throw new IllegalArgumentException(
        entry + " must declare what its channel carries: PlaceChannel<…, …>");
  }

  /** As {@link MessageType#of(Type)}, and ends of channels. */
  private static MessageType<?> messageType(Type type) {
    if (type == Void.class) {
      return MessageType.nothing();
    }
    if (type instanceof ParameterizedType parameterized
        && parameterized.getRawType() == PlaceChannel.class) {
      Type[] types = parameterized.getActualTypeArguments();
      return new ChannelEndType<>(messageType(types[0]), messageType(types[1]));
    }
    return MessageType.of(
        type instanceof Class<?> named && named.isPrimitive()
            ? MethodType.methodType(named).wrap().returnType()
            : type);
  }

  @Override
  public String toString() {
    return entry.toString();
  }
}
