import client.ApiClient;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** The client's mapper, but texts are read as they come, and files are sent as their bytes. */
final class PlainMapper extends ObjectMapper {
  private static final long serialVersionUID = 1L;

  PlainMapper() {
    this(ApiClient.createDefaultObjectMapper());
  }

  private PlainMapper(ObjectMapper other) {
    super(other);
  }

  @Override
  public ObjectMapper copy() {
    return new PlainMapper(this);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> T readValue(String content, TypeReference<T> type) throws JsonProcessingException {
    return type.getType() == String.class ? (T) content : super.readValue(content, type);
  }

  @Override
  public byte[] writeValueAsBytes(Object value) throws JsonProcessingException {
    if (!(value instanceof File)) return super.writeValueAsBytes(value);
    try {
      return Files.readAllBytes(((File) value).toPath());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
