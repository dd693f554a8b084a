/**
 * Text as input and output of jobs: {@link TextBlocks} and {@link TextLines} read files, folders
 * and zip files, {@link TextOutput} writes lines. {@link WholeFiles}, {@link FixedRecords} and {@link
 * BytesOutput} are for data that is no text, {@link DelimitedMessages} for protobuf, {@link CsvRecords} for tables.
 *
 * <p>API. Start reading at {@link TextBlocks}. Inside, an input goes this way: {@link InputFiles}
 * finds what there is, {@link SplitPlan} cuts it into splits at {@link Border}s, {@link
 * BlockReader} reads a split's {@link PieceStream}s block by block. Uses only what {@code
 * io.places.mapreduce} offers to everyone, so it is also the model for formats of your own.
 */
@NullMarked
package io.places.mapreduce.text;

import org.jspecify.annotations.NullMarked;
